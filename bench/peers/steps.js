// Does the steps that come in, one a line: see bench/sides.py.
const readline = require("readline");

module.exports = async function steps(side) {
  const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
  say({ ready: true });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [name, ...values] = line.split(" ");
    const began = performance.now();
    const found = await side[name](...values);
    say({ ms: performance.now() - began, found });
  }
};
