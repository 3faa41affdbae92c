import { LANES_ON_DARK, LANES_ON_LIGHT } from '../lane-colours.js'

const coloursOf = (colours: readonly string[]): string =>
  colours.map((colour, place) => `.lane${place}{--lane:${colour}}`).join('')

const LIGHT = `:root{--text:#222;--quiet:#5d5d5d;--paper:#fff;--line:#ddd;--box:#f5f6f8;--good:#e3f1e6;--number:#fff;--warn:#ad1625}
${coloursOf(LANES_ON_LIGHT)}`
const DARK = `:root{--text:#e3e3e3;--quiet:#a8a8a8;--paper:#191a1c;--line:#3d3f43;--box:#242629;--good:#1e3426;--number:#191a1c;--warn:#ff8c8c}
${coloursOf(LANES_ON_DARK)}`

/** For the screen, light and dark, and for paper. */
export const STYLE = `${LIGHT}
:root{color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){${DARK}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:76rem;padding:1.5rem 1rem 3rem;color:var(--text);background:var(--paper)}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem}h2{font-size:1.15rem;margin:2rem 0 .6rem}h3{font-size:1rem;margin:1rem 0 .3rem}
p{margin:.4rem 0}ul{margin:.4rem 0;padding-left:1.3rem}li{margin:.25rem 0}
.quiet,small,.code{color:var(--quiet)}h1,li,dd{overflow-wrap:anywhere}
.badge{display:inline-block;min-width:1.35em;padding:0 .3em;border-radius:1em;text-align:center;font-size:.85em;font-weight:600;line-height:1.35em;color:var(--number);background:var(--lane)}
.answer,.how{background:var(--box);border-radius:8px;padding:.9rem 1.2rem;margin:1.2rem 0}
.answer h2,.how h2{margin-top:0}.answer{border-left:5px solid var(--quiet)}
.verdict{font-size:1.35rem;font-weight:600;margin:.2rem 0 .5rem}
dl{margin:.4rem 0;display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.35rem 1.5rem}
dt{color:var(--quiet);font-size:.88em}dd{margin:0}.how dl{grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:.7rem 1.8rem}.how dt{color:inherit;font-weight:600;font-size:1em}
.lists{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:0 2rem}.lists dl{grid-template-columns:1fr 1fr}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1rem 2rem}
.small{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr));gap:1rem 2rem}
figure{margin:0;min-width:0}figcaption{font-weight:600;margin-bottom:.2rem}.bars figcaption{font-weight:400}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0;margin:.6rem 0}
svg{width:100%;height:auto;display:block;font:12px system-ui,sans-serif;fill:var(--text)}
.grid{stroke:var(--line);fill:none}.tick,.title{fill:var(--quiet)}.middle{text-anchor:middle}.end{text-anchor:end}
.measured,.theory{fill:none;stroke:var(--lane);stroke-width:2;stroke-linejoin:round}.theory{stroke-dasharray:5 4;stroke:var(--text);stroke-width:1.4}
.target{stroke:var(--text);stroke-dasharray:2 3;fill:none}.dot{fill:var(--lane);stroke:var(--paper);stroke-width:1.5}
.number{fill:var(--number);text-anchor:middle;font-weight:600;font-size:11px}.bar{fill:var(--lane)}
.frontier{fill:none;stroke:var(--text);stroke-width:1.8;stroke-linejoin:round}.stop{fill:var(--text)}.region{fill:var(--good)}
.advised{fill:none;stroke:var(--text);stroke-width:2}
.wide{overflow-x:auto}.wide th,.wide td{overflow-wrap:break-word;max-width:18rem}.wide tbody th[scope=row]{min-width:9rem}.claims table{table-layout:auto}.claims td,.claims th{overflow-wrap:break-word;max-width:22rem}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .7rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);font-weight:400}
thead th{font-weight:600;border-bottom:2px solid var(--quiet)}.figures td,.figures thead th{text-align:right}
.group{font-weight:600;padding-top:.9rem}td small{display:block;font-size:.8em;white-space:nowrap}
abbr{text-decoration:none;color:var(--warn);font-weight:600}.code{font-size:.75em;letter-spacing:.03em}
.holds td:nth-child(2),.does-not-hold td:nth-child(2){font-weight:600}.not-tested{color:var(--quiet)}
@page{margin:14mm}
@media print{body{font-size:9.5pt;padding:0;max-width:none}.answer,.how{border:1px solid #bbb}.answer{border-left:5px solid #666}
*{print-color-adjust:exact}.pictures{grid-template-columns:minmax(0,150mm)}.small{grid-template-columns:1fr 1fr 1fr}
figure,tr,li,.how,.answer{break-inside:avoid}h2,h3{break-after:avoid}.claims{break-before:page}.wide{overflow:visible}}`
