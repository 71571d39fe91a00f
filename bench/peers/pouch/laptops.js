// node laptops.js PORT FOLDER CONTACTS FEW
const PouchDB = require("pouchdb");
const fs = require("fs");
const steps = require("./steps.js");

const [port, folder, contacts, few] = process.argv.slice(2);
const office = `http://127.0.0.1:${port}/contacts`;
const options = { batch_size: 1000 };
const first = new PouchDB(`${folder}/first`);
const second = new PouchDB(`${folder}/second`);
const docs = JSON.parse(fs.readFileSync(contacts)).map(({ id, ...fields }) => ({ _id: id, ...fields }));
const some = docs.slice(0, Number(few)).map((doc) => doc._id);

steps({
  async write() {
    for (let at = 0; at < docs.length; at += 1000) await first.bulkDocs(docs.slice(at, at + 1000));
  },
  async edit(value) {
    const found = await first.allDocs({ include_docs: true, keys: some });
    await first.bulkDocs(found.rows.map((row) => ({ ...row.doc, department: value })));
  },
  async push() { await first.replicate.to(office, options); },
  async pull() { await second.replicate.from(office, options); },
  async nothing() { await first.sync(office, options); },
  async count(value) {
    const { rows } = await second.allDocs({ include_docs: true });
    return [rows.length, rows.filter((row) => row.doc.department === value).length];
  },
});
