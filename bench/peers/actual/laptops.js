// node laptops.js PORT FOLDER CONTACTS FEW: two laptops, each a process, as the library holds one budget at a time.
const { fork } = require("child_process");
const steps = require("./steps.js");

const [port, folder, contacts, few] = process.argv.slice(2);

function laptop(name) {
  const child = fork(`${__dirname}/laptop.js`, [port, `${folder}/${name}`, contacts, few], { silent: true });
  child.stderr.pipe(process.stderr);
  return (step, ...values) => new Promise((resolve, reject) => {
    child.once("message", ({ error, found }) => (error ? reject(new Error(error)) : resolve(found)));
    child.send({ step, values });
  });
}

(async () => {
  const url = `http://127.0.0.1:${port}/account/bootstrap`;
  const headers = { "Content-Type": "application/json" };
  await fetch(url, { method: "POST", headers, body: JSON.stringify({ password: "password" }) });
  const first = laptop("first");
  const second = laptop("second");
  await first("open");
  await second("open");
  const budget = await first("create");
  let opened = false;
  await steps({
    write: () => first("write"),
    edit: (value) => first("edit", value),
    push: () => first("sync"),
    pull: () => (opened ? second("sync") : second("download", budget)).then(() => { opened = true; }),
    nothing: () => first("sync"),
    count: (value) => second("count", value),
  });
})();
