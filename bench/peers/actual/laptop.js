// One laptop, told by its parent what to do: contacts are transactions, with all but name and id in the notes.
const api = require("@actual-app/api");
const fs = require("fs");

const [port, folder, contacts, few] = process.argv.slice(2);
const all = () => api.aqlQuery(api.q("transactions").select(["id", "notes"]));
console.log = () => {};

const laptop = {
  async open() {
    fs.mkdirSync(folder);
    await api.init({ dataDir: folder, serverURL: `http://127.0.0.1:${port}`, password: "password" });
  },
  async create() {
    await api.runImport("contacts", () => api.createAccount({ name: "contacts", type: "checking" }, 0));
    const budgets = await api.getBudgets();
    await api.loadBudget(budgets.find((budget) => budget.id).id);
    await api.sync();
    return budgets.map((budget) => budget.groupId).find(Boolean);
  },
  async write() {
    const [account] = await api.getAccounts();
    const rows = JSON.parse(fs.readFileSync(contacts)).map(({ id, first_name, last_name, ...rest }, n) => ({
      date: `2026-01-${String(1 + (n % 28)).padStart(2, "0")}`, amount: n, cleared: true, imported_id: id,
      imported_payee: `${first_name} ${last_name}`, notes: JSON.stringify(rest),
    }));
    await api.addTransactions(account.id, rows, { runTransfers: false, learnCategories: false });
  },
  async edit(value) {
    this.some ??= (await all()).data.slice(0, Number(few)).map((row) => row.id);
    await api.batchBudgetUpdates(async () => {
      for (const id of this.some) await api.updateTransaction(id, { notes: value });
    });
  },
  async sync() { await api.sync(); },
  async download(budget) { await api.downloadBudget(budget); },
  async count(value) {
    const { data } = await all();
    return [data.length, data.filter((row) => row.notes === value).length];
  },
};

process.on("message", async ({ step, values }) => {
  try {
    process.send({ found: (await laptop[step](...values)) ?? null });
  } catch (error) {
    process.send({ error: String(error.stack ?? error) });
  }
});
