// Ask an endpoint through Comunica. From stdin: {"endpoint": address, "queries": {name: SPARQL}}. To stdout: name → rows,
// each variable that is bound → its term as N-Triples writes it. The rows of a graph are its triples.
import { readFileSync } from "node:fs";
import { QueryEngine } from "@comunica/query-sparql";
import { termToString } from "rdf-string-ttl";

const { endpoint, queries } = JSON.parse(readFileSync(0, "utf8"));
const engine = new QueryEngine();
const answers = {};
for (const [name, query] of Object.entries(queries)) {
  const result = await engine.query(query, { sources: [{ type: "sparql", value: endpoint }] });
  const isGraph = result.resultType === "quads";
  const found = await (await result.execute()).toArray();
  answers[name] = found.map((row) => {
    const terms = isGraph ? ["subject", "predicate", "object"].map((part) => [part, row[part]]) : [...row];
    return Object.fromEntries(terms.map(([key, term]) => [key.value ?? key, termToString(term)]));
  });
}
process.stdout.write(JSON.stringify(answers));
