#include "reporters/html.h"

namespace ciswatch::html {

namespace {

// Every pair of text and ground keeps a contrast of at least 4.5 : 1 in both schemes.
// Filters hold on the screen alone: a printed report is whole.
constexpr std::string_view kStyle = R"css(
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f6f7f9; --line: #d5d9e0; --ink: #1b2330; --soft: #545e6e; --link: #0b57a4;
  --critical: #9c1616; --critical-bg: #fdeaea;
  --warn: #7a4a00; --warn-bg: #fff2d4;
  --unknown: #573a9c; --unknown-bg: #efe9fc;
  --pass: #14603a; --pass-bg: #e3f4ea;
  --none: #4f5866; --none-bg: #eceef2;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #14181f; --raised: #1c222c; --line: #38414f; --ink: #e6e9ee; --soft: #a5afbd; --link: #8cc0ff;
    --critical: #ffb3ad; --critical-bg: #4b1717;
    --warn: #ffd27a; --warn-bg: #43300a;
    --unknown: #d3c5ff; --unknown-bg: #33285c;
    --pass: #92dfb0; --pass-bg: #133b26;
    --none: #c1c8d2; --none-bg: #2b323d;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, "Segoe UI", "Helvetica Neue", "Noto Sans", "Hiragino Sans", "Noto Sans CJK JP", sans-serif;
}
.page { max-width: 74rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1, h2, h3, h4 { line-height: 1.25; margin: 0; font-weight: 650; overflow-wrap: anywhere; }
h1 { font-size: 2rem; letter-spacing: -.01em; }
h2 { font-size: 1.4rem; margin: 3rem 0 .75rem; padding-top: 1.25rem; border-top: 2px solid var(--ink); }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h4 { font-size: .95rem; margin: 1.1rem 0 .3rem; }
p { margin: .4rem 0 .8rem; max-width: 46rem; overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .86em; }
code { overflow-wrap: anywhere; unicode-bidi: isolate; }
pre {
  margin: .4rem 0 .8rem; padding: .8rem 1rem; background: var(--raised); border: 1px solid var(--line);
  border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere;
}
td, th, dd, li { unicode-bidi: isolate; }
.text { white-space: pre-line; }
.soft, small { color: var(--soft); font-size: .875rem; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--ground); z-index: 1; }
.over { margin: 0 0 .4rem; color: var(--soft); font-size: .875rem; font-weight: 600; letter-spacing: .04em; }
.packs { margin: .5rem 0 1.5rem; font-size: 1.1rem; color: var(--soft); }

.meta { display: grid; grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); gap: .9rem 1.5rem; margin: 0; }
.meta div { min-width: 0; }
.meta dt { color: var(--soft); font-size: .8125rem; }
.meta dd { margin: 0; overflow-wrap: anywhere; }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: .75rem 0; padding: 0; list-style: none; }
.tiles li { padding: .7rem .9rem; border-radius: 6px; background: var(--none-bg); color: var(--none); }
.tiles b { display: block; font-size: 2rem; line-height: 1.15; font-weight: 650; font-variant-numeric: tabular-nums; }
.bar { display: block; width: 100%; height: .6rem; border-radius: 3px; }
.bar .critical { fill: var(--critical); } .bar .warn { fill: var(--warn); } .bar .unknown { fill: var(--unknown); }
.bar .pass { fill: var(--pass); } .bar .not_applicable, .bar .waived { fill: var(--line); }
meter { width: 100%; height: .9rem; }

.chip { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; font-size: .8125rem; font-weight: 600; white-space: nowrap; background: var(--none-bg); color: var(--none); }
.chip i, .tiles i { font-style: normal; margin-right: .3em; }
.chip.critical, .tiles .critical { color: var(--critical); background: var(--critical-bg); }
.chip.warn, .tiles .warn { color: var(--warn); background: var(--warn-bg); }
.chip.unknown, .tiles .unknown { color: var(--unknown); background: var(--unknown-bg); }
.chip.pass, .tiles .pass { color: var(--pass); background: var(--pass-bg); }
.chip.waived { border: 1px dashed currentColor; }

table { width: 100%; border-collapse: collapse; margin: .6rem 0 1.2rem; }
caption { text-align: left; color: var(--soft); font-size: .875rem; padding-bottom: .3rem; }
th, td { padding: .5rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); font-weight: inherit; }
thead th { color: var(--soft); font-size: .8125rem; font-weight: 600; border-bottom: 1px solid var(--soft); }
.n.critical, .n.warn, .n.unknown { font-weight: 650; }
.n.critical { color: var(--critical); } .n.warn { color: var(--warn); } .n.unknown { color: var(--unknown); }
th.n { width: 6.75rem; }
td.n.zero { color: var(--soft); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.list { table-layout: fixed; }
.list .c1 { width: 9rem; } .list .c2 { width: 34%; }
.list td p { margin: 0 0 .35rem; }
.list th small, .list th span { display: block; }
.about { margin: .3rem 0; padding: 0; font-size: .875rem; color: var(--soft); }
.about > div { display: grid; grid-template-columns: minmax(7rem, 12rem) 1fr; gap: .75rem; padding: .05rem 0; }
.about dt, .about dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
.calls { margin: .2rem 0; padding: 0; list-style: none; font-size: .875rem; color: var(--soft); overflow-wrap: anywhere; }
.calls strong { color: var(--unknown); font-weight: 600; }
.label { font-size: .8125rem; color: var(--soft); font-weight: 600; margin: .5rem 0 0; }

.req { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .25rem; }
.req h3 { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: baseline; margin-top: 1rem; }
.req h3 .no { font-variant-numeric: tabular-nums; }
.fix, .unread { margin: 1rem 0; padding: .1rem 1.1rem .5rem; background: var(--raised); border-left: 4px solid var(--link); }
td .fix { margin: .5rem 0 0; padding: 0 .8rem .1rem; }
.unread { border-left-color: var(--unknown); padding-top: .8rem; }
.unread h3 { margin: 0 0 .3rem; }
.unread table { table-layout: fixed; min-width: 36rem; }
.unread td, .unread th { overflow-wrap: anywhere; }
.unread .c1 { width: 26%; } .unread .c2 { width: 17%; } .unread .c3 { width: 31%; }
.account .tiles b { font-size: 1.4rem; }
.fix h4 { margin-top: .8rem; }
summary { cursor: pointer; padding: .25rem 0; }
.filter { margin: 2rem 0 0; padding: .6rem 1rem .8rem; border: 1px solid var(--line); border-radius: 6px; }
.filter legend { padding: 0 .4rem; font-size: .875rem; color: var(--soft); font-weight: 600; }
.filter label { display: inline-flex; align-items: center; gap: .4rem; margin-right: 1.2rem; min-height: 1.75rem; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); }

@supports not selector(:has(*)) { .filter { display: none; } }
@media screen {
  body:has(#show-critical:checked) .k:not(.critical), body:has(#show-warn:checked) .k:not(.warn),
  body:has(#show-unknown:checked) .k:not(.unknown), body:has(#show-pass:checked) .k:not(.pass),
  body:has(#show-not_applicable:checked) .k:not(.not_applicable),
  body:has(#show-waived:checked) .k:not(.waived) { display: none; }
}
@media screen and (max-width: 46rem) {
  .page { padding: 1.25rem 1rem 3rem; }
  h1 { font-size: 1.6rem; }
  .tiles { grid-template-columns: repeat(2, 1fr); }
  .list, .list tbody, .list tr, .list td, .list tbody th { display: block; width: auto; }
  .list thead { position: absolute; left: -999rem; }
  .list tr { padding: .7rem 0; border-bottom: 1px solid var(--line); }
  .list td, .list tbody th { border: 0; padding: .15rem 0; }
  .wide { overflow-x: auto; }
  .wide th, .wide td { padding: .45rem .5rem; }
  .wide tbody th { min-width: 9.5rem; }
  th.n { width: auto; }
  .about > div { grid-template-columns: 1fr; gap: 0; }
  .about dd { padding-left: .8rem; color: var(--ink); }
}
@media print {
  @page { margin: 16mm 14mm; }
  html { font-size: 9.5pt; }
  .page { max-width: none; padding: 0; }
  .skip, .filter, .up { display: none; }
  a { color: inherit; text-decoration: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary { list-style: none; font-weight: 600; }
  h2, h3, h4, summary, caption, .label, .req > .text { break-after: avoid; }
  .account { break-before: page; }
  tr, .tiles, .meta { break-inside: avoid; }
  thead { display: table-header-group; }
  .chip, .tiles li, .bar, .fix, .unread, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

}  // namespace

std::string_view style_sheet() { return kStyle; }

}  // namespace ciswatch::html
