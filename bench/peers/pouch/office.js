// node office.js PORT FOLDER: PouchDB's own server, with as little around it as it offers.
const express = require("express");
const pouch = require("express-pouchdb");
const PouchDB = require("pouchdb");
const fs = require("fs");

const [port, folder] = process.argv.slice(2);
const prefix = `${folder}/office/`;
fs.mkdirSync(prefix);
const app = express();
app.use(pouch(PouchDB.defaults({ prefix }), {
  mode: "minimumForPouchDB", inMemoryConfig: true, logPath: `${prefix}log.txt`,
}));
app.listen(Number(port), "127.0.0.1");
