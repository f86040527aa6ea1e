
"use strict";
(() => {
  const PAGE = 50;
  const contents = JSON.parse(document.getElementById("contents").textContent);
  const find = (id) => document.getElementById(id);

  /* An element with properties and children; a child that is text becomes a text node, never mark-up. */
  const make = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
    element.append(...children.filter((child) => child !== null));
    return element;
  };

  const number = (value) => value.toLocaleString("en");
  const byId = new Map();
  const findingsOf = new Map();
  for (const record of contents.records) byId.set(record.id, record);
  for (const finding of contents.findings) {
    if (finding.id === undefined) continue;
    if (!findingsOf.has(finding.id)) findingsOf.set(finding.id, []);
    findingsOf.get(finding.id).push(finding);
  }
  const sourceOf = (entry) => contents.sources[entry.source] ?? { vendor: entry.vendor, product: entry.product };

  /* What is searched is lower-cased once; the fields are kept apart by a line end, which no query holds. */
  const TEXTS = ["id", "code", "name", "error_type", "message", "description", "resolution", "section"];
  const lower = (text) => (text ?? "").toLowerCase();
  for (const record of contents.records) {
    const { vendor, product } = sourceOf(record);
    record.text = lower([...TEXTS.map((name) => record[name] ?? ""), vendor, product].join("\n"));
  }

  /* How well a record fits, the least is the best; all terms are in its text already. */
  const rank = (record, query) => {
    const code = lower(record.code), name = lower(record.name);
    if (code === query || lower(record.id) === query) return 0;
    if (name === query) return 1;
    if (code.startsWith(query)) return 2;
    if (name.startsWith(query)) return 3;
    return name.includes(query) ? 4 : 5;
  };

  const searchRecords = ({ query, source, kind, flag }) => {
    const whole = query.trim().toLowerCase();
    const terms = whole.split(/\s+/).filter(Boolean);
    const found = contents.records.filter(
      (record) =>
        (source === "" || record.source === source) &&
        (kind === "" || (record.status_class ?? "none") === kind) &&
        (flag === "" || flagsOf(record).includes(flag)) &&
        terms.every((term) => record.text.includes(term)),
    );
    if (whole === "") return found;
    return found
      .map((record, place) => [rank(record, whole), place, record])
      .sort((one, other) => one[0] - other[0] || one[1] - other[1])
      .map(([, , record]) => record);
  };

  const flagsOf = (record) => {
    const flags = [...(record.flags ?? []), ...(record.verdict ? ["withdrawn"] : [])];
    return flags.length ? flags : ["none"];
  };

  /* The text with the terms that it was found by marked. */
  const highlight = (text, terms) => {
    if (!terms.length) return [text];
    const pattern = new RegExp(`(${terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
    return text.split(pattern).map((part, place) => (place % 2 ? make("mark", {}, part) : part));
  };

  const say = (value) => value.replaceAll("_", " ");

  const describeFallback = (fallback) =>
    [`HTTP ${fallback.http_status}`, fallback.protocol_versions.length ? `in ${fallback.protocol_versions.join(", ")}` : "", fallback.condition ?? ""].filter(Boolean).join(" ");

  const fact = (name, ...values) => make("div", {}, make("dt", {}, name), make("dd", {}, ...values));

  const linkTo = (id) => make("a", { href: `#record=${encodeURIComponent(id)}` }, id);

  const separated = (nodes) => nodes.flatMap((node, place) => (place ? [", ", node] : [node]));

  const listFacts = (record, terms) => {
    const { vendor, product } = sourceOf(record);
    const texts = [["name", "name"], ["type", "error_type"], ["message", "message"], ["description", "description"], ["resolution", "resolution"], ["section", "section"]];
    const facts = texts.filter(([, field]) => record[field] !== undefined).map(([name, field]) => fact(name, ...highlight(record[field], terms)));
    const status = [record.http_status, record.status_class && say(record.status_class)].filter(Boolean).join(" ");
    if (status) facts.push(fact("HTTP status", status));
    if (record.protocol_versions) facts.push(fact("versions", record.protocol_versions.join(", ")));
    if (record.http_fallbacks) facts.push(fact("older versions", record.http_fallbacks.map(describeFallback).join("\n")));
    if (record.parameters) facts.push(fact("parameters", ...separated(record.parameters.map((parameter) => make("code", {}, parameter)))));
    if (record.links) facts.push(fact("links", record.links.map((link) => `${link.text} (${link.href})`).join("\n")));
    if (record.same_as) facts.push(fact("same name", ...separated(record.same_as.map(linkTo))));
    facts.push(fact("product", vendor === undefined ? record.source : `${vendor}: ${product}`));
    facts.push(fact("id", make("code", {}, ...highlight(record.id, terms))));
    return make("dl", { class: "facts" }, ...facts);
  };

  const listLines = (record) => {
    const source = contents.sources[record.source];
    if (!source?.lines || record.verdict) {
      const reason = record.verdict
        ? `Published from version ${record.first_seen} to ${record.last_seen}, then ${say(record.verdict)}. These are the cells as they were printed last.`
        : `The document's lines are not at hand: ${source.missing}. These are the cells as printed.`;
      const cells = (record.raw ?? []).map((cell) => fact(cell.column || "(no head)", make("code", {}, cell.text)));
      return [make("h4", {}, "As printed"), make("p", {}, reason), make("dl", { class: "facts cells" }, ...cells)];
    }
    const lines = make("ol", { class: "lines" });
    for (let line = record.line_start; line <= record.line_end; line += 1) {
      lines.append(make("li", { "data-line": line }, make("code", {}, source.lines[line] ?? "")));
    }
    if (record.line_end - record.line_start > 15) lines.setAttribute("tabindex", "0");
    const where = record.line_start === record.line_end ? `line ${record.line_start}` : `lines ${record.line_start} to ${record.line_end}`;
    return [make("h4", {}, `${source.document}, ${where}`), lines];
  };

  const listFindings = (record) => {
    const findings = findingsOf.get(record.id) ?? [];
    if (!findings.length) return [];
    const items = findings.map((finding) => make("li", {}, make("span", { class: `tag ${finding.severity}` }, say(finding.rule)), " ", finding.text));
    return [make("h4", {}, "Findings"), make("ul", { class: "plainlist" }, ...items)];
  };

  const listActions = (record) => {
    const actions = make("p", { class: "actions" }, make("a", { href: `#record=${encodeURIComponent(record.id)}` }, "Link to this record"));
    const url = sourceOf(record).url ?? "";
    if (/^https?:\/\//.test(url)) actions.append(make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, "The vendor's page"));
    return actions;
  };

  /* Every record that is shown gets a number, so that its button can name the details that it opens. */
  let shownRecords = 0;

  const makeRecord = (record, terms) => {
    shownRecords += 1;
    const details = make("div", { id: `details-${shownRecords}`, class: "details", hidden: "" });
    const code = record.code === undefined ? make("span", { class: "void" }, "no code") : make("span", { class: "code" }, ...highlight(record.code, terms));
    const name = record.name ?? record.error_type;
    const button = make("button", { type: "button", "aria-expanded": "false", "aria-controls": details.id }, code);
    if (name !== undefined) button.append(" ", make("span", { class: "name" }, ...highlight(name, terms)));
    button.append(" ", make("span", { class: "source" }, record.source));
    const text = record.message ?? record.description ?? record.resolution;
    const preview = text === undefined ? make("p", { class: "preview void" }, "no text in the document") : make("p", { class: "preview" }, ...highlight(text, terms));
    const tags = make("p", { class: "tags" });
    if (record.http_status ?? record.status_class) {
      tags.append(make("span", { class: `tag ${record.status_class ?? ""}` }, [record.http_status, record.status_class && say(record.status_class)].filter(Boolean).join(" ")));
    }
    if (record.verdict) tags.append(make("span", { class: "tag gone" }, "withdrawn"));
    for (const flag of record.flags ?? []) tags.append(make("span", { class: "tag", title: contents.flags[flag] ?? "" }, say(flag)));

    const item = make("li", { class: "record" }, make("h3", {}, button), preview, tags, details);
    const toggle = () => {
      const opens = details.hidden;
      if (opens && !details.hasChildNodes()) details.append(listFacts(record, terms), ...listFindings(record), ...listLines(record), listActions(record));
      details.hidden = !opens;
      item.classList.toggle("open", opens);
      button.setAttribute("aria-expanded", String(opens));
    };
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      toggle();
    });
    item.addEventListener("click", (event) => {
      if (!event.target.closest(".details") && String(getSelection()) === "") toggle();
    });
    return item;
  };

  const makeFinding = (finding) => {
    const place = finding.line === undefined ? finding.source : `${finding.source}, line ${finding.line}`;
    const head = make("p", {}, make("span", { class: `tag ${finding.severity}` }, finding.severity), make("strong", {}, say(finding.rule)), make("span", {}, place));
    if (finding.id !== undefined) head.append(linkTo(finding.id));
    return make("li", { class: "finding" }, head, make("p", {}, finding.text));
  };

  /* A list that shows a page of what was found, and the next when asked: 20,000 records must not become 20,000 elements. */
  const makeList = ({ list, more, count, total, render, what, nothing }) => {
    let found = [];
    let shown = 0;
    const extend = () => {
      const next = found.slice(shown, shown + PAGE);
      list.append(...next.map(render));
      shown += next.length;
      more.hidden = shown >= found.length;
      more.textContent = `Show ${Math.min(PAGE, found.length - shown)} more of ${number(found.length)}`;
    };
    more.addEventListener("click", () => {
      const first = list.children.length;
      extend();
      list.children[first]?.querySelector("button, a")?.focus();
    });
    return {
      extend,
      show(entries) {
        found = entries;
        shown = 0;
        list.replaceChildren();
        extend();
        count.textContent = found.length ? `${number(found.length)} of ${number(total)} ${what}` : nothing;
      },
    };
  };

  const fillSelect = (select, all, options) => {
    select.append(make("option", { value: "" }, all));
    for (const [value, text] of options) select.append(make("option", { value }, text));
  };

  const countBy = (entries, keysOf) => {
    const counts = new Map();
    for (const entry of entries) for (const key of keysOf(entry)) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  };

  const counted = (keys, counts, describe = say) => keys.filter((key) => counts.has(key)).map((key) => [key, `${describe(key)} (${number(counts.get(key))})`]);

  /* Codes */
  const query = find("query"), source = find("source"), kind = find("class"), flag = find("flag"), results = find("results");
  const kinds = countBy(contents.records, (record) => [record.status_class ?? "none"]);
  const flags = countBy(contents.records, flagsOf);
  fillSelect(source, "All documents", counted([...new Set(contents.records.map((record) => record.source))], countBy(contents.records, (record) => [record.source]), String));
  fillSelect(kind, "All classes", counted([...contents.classes, "none"], kinds, (key) => (key === "none" ? "none stated" : say(key))));
  fillSelect(flag, "All flags", counted([...Object.keys(contents.flags), "withdrawn", "none"], flags, (key) => (key === "none" ? "no flag" : say(key))));
  let terms = [];
  const codes = makeList({
    list: results,
    more: find("more"),
    count: find("count"),
    total: contents.records.length,
    render: (record) => makeRecord(record, terms),
    what: "codes",
    nothing: "Nothing fits. Fewer words or filters find more.",
  });
  const search = () => {
    terms = query.value.trim().split(/\s+/).filter(Boolean);
    codes.show(searchRecords({ query: query.value, source: source.value, kind: kind.value, flag: flag.value }));
  };
  query.addEventListener("input", search);
  for (const select of [source, kind, flag]) select.addEventListener("change", search);
  query.form.addEventListener("submit", (event) => event.preventDefault());
  query.form.addEventListener("reset", () => setTimeout(search));

  /* Findings */
  const findingSource = find("finding-source"), severity = find("finding-severity"), rule = find("finding-rule");
  fillSelect(findingSource, "All documents", counted(Object.keys(contents.sources), countBy(contents.findings, (finding) => [finding.source]), String));
  fillSelect(severity, "All severities", counted(["error", "warning", "info"], countBy(contents.findings, (finding) => [finding.severity])));
  fillSelect(rule, "All rules", counted(Object.keys(contents.rules), countBy(contents.findings, (finding) => [finding.rule])));
  const findings = makeList({
    list: find("finding-results"),
    more: find("finding-more"),
    count: find("finding-count"),
    total: contents.findings.length,
    render: makeFinding,
    what: "findings",
    nothing: "Nothing fits.",
  });
  const filterFindings = () =>
    findings.show(
      contents.findings.filter(
        (finding) =>
          (findingSource.value === "" || finding.source === findingSource.value) &&
          (severity.value === "" || finding.severity === severity.value) &&
          (rule.value === "" || finding.rule === rule.value),
      ),
    );
  for (const select of [findingSource, severity, rule]) select.addEventListener("change", filterFindings);
  rule.form.addEventListener("reset", () => setTimeout(filterFindings));

  /* Views: one section at a time, chosen by the address, so that links and the back button work. */
  const links = [...document.querySelectorAll("nav a")];
  const sections = links.map((link) => find(link.hash.slice(1)));
  const showView = (id) => {
    for (const section of sections) section.hidden = section.id !== id;
    for (const link of links) {
      if (link.hash === `#${id}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };
  const showRecord = (id) => {
    for (const select of [source, kind, flag]) select.value = "";
    query.value = id;
    search();
    showView("codes");
    const button = results.querySelector("button");
    if (!byId.has(id) || button === null) return;
    if (button.getAttribute("aria-expanded") === "false") button.click();
    button.focus();
    button.scrollIntoView({ block: "center" });
  };
  const follow = () => {
    const hash = location.hash.slice(1);
    if (hash.startsWith("record=")) showRecord(decode(hash.slice("record=".length)));
    else if (sections.some((section) => section.id === hash)) showView(hash);
    else if (sections.every((section) => !section.hidden)) showView("codes");
  };
  const decode = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  addEventListener("hashchange", follow);

  /* Keys */
  const move = (step) => {
    const buttons = [...results.querySelectorAll(":scope > li > h3 > button")];
    const place = buttons.indexOf(document.activeElement);
    if (place === buttons.length - 1 && step > 0 && !find("more").hidden) {
      codes.extend();
      return move(step);
    }
    const next = place + step;
    if (next < 0) query.focus();
    else buttons[next]?.focus();
    return undefined;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || find("codes").hidden) return;
    const typing = event.target.closest("input, select, textarea") !== null;
    const inResults = results.contains(event.target);
    if (event.key === "/" && !typing) query.focus();
    else if (event.key === "ArrowDown" && event.target === query) move(1);
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && inResults && event.target.closest("h3") !== null) move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Escape" && inResults) query.focus();
    else if (event.key === "Escape" && event.target === query) {
      query.value = "";
      search();
    } else return;
    event.preventDefault();
  });

  search();
  filterFindings();
  follow();
  find("scriptless").remove();
})();
