#include "view/report_style.h"

namespace buttress {

const char* const kReportStyle = R"(
:root{color-scheme:light dark;--ink:#1c2330;--soft:#545d6b;--line:#dde2e9;--axis:#8a94a3;--paper:#fff;--panel:#f5f7fa;--whole:#1f5fa8;--weak:#b93a08;--good:#0a6b45;--bad:#a32020}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebf0;--soft:#a9b2bf;--line:#333b48;--axis:#7c8796;--paper:#151a22;--panel:#1d242f;--whole:#7db4ef;--weak:#f2905e;--good:#57c999;--bad:#ff8a80}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:1.2rem;max-width:880px;font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:anywhere}
.kicker{color:var(--soft);font-size:.9rem;margin:0}
h1{font-size:1.55rem;line-height:1.2;margin:.2rem 0 .4rem}
h2{font-size:1.2rem;margin:2.4rem 0 .4rem;padding-bottom:.2rem;border-bottom:2px solid var(--line)}
h3{font-size:1rem;margin:1.3rem 0 .4rem}
p,li{max-width:46rem}p{margin:.5rem 0}
.soft{color:var(--soft);font-size:.94rem}
.use{border:1px solid var(--line);background:var(--panel);border-radius:6px;padding:.5rem .9rem;max-width:none;margin:.8rem 0}
.trust{border-left:6px solid var(--good);background:var(--panel);border-radius:0 6px 6px 0;padding:.5rem 1rem;margin:.8rem 0}
.trust.bad{border-color:var(--bad)}.trust strong{color:var(--good)}.trust.bad strong{color:var(--bad)}
.trust ul{margin:.3rem 0;padding-left:1.2rem}
.lead{font-size:1.06rem}
.key{position:sticky;top:0;z-index:1;background:var(--paper);border-bottom:1px solid var(--line);padding:.35rem 0;margin:1.6rem 0 0;max-width:none;font-size:.92rem}
.key span{display:inline-block;margin-right:1.4rem}
.key i{display:inline-block;width:2.2em;border-top:3px solid var(--whole);vertical-align:middle;margin-right:.45em}
.key .weak i{border-top:3px dashed var(--weak)}
.key i.box{height:.75em;border:0;background:var(--whole)}
.key .weak i.box{border:2px solid var(--weak);background:none}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr));gap:1.2rem 1.6rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));gap:.8rem}
.figures svg{max-width:460px}
figure{margin:0;max-width:440px;break-inside:avoid;min-width:0}
figcaption{font-size:.9rem;line-height:1.35;margin-bottom:.15rem}
.unit,.peak{color:var(--soft)}.unit::before{content:"["}.unit::after{content:"]"}.peak{display:block;font-size:.84rem;font-variant-numeric:tabular-nums}
svg{display:block;width:100%;height:auto;overflow:visible}
.chart text{fill:var(--ink);font-family:inherit}
.chart .name{font-size:12.5px}.chart .tick,.chart .number{font-size:11.5px;font-variant-numeric:tabular-nums}.chart .tick{fill:var(--soft)}
.rule{stroke:var(--line)}.zero{stroke:var(--axis)}
path{fill:none;stroke-width:2.1;stroke-linejoin:round}path.whole{stroke:var(--whole)}path.weak{stroke:var(--weak);stroke-width:2.4;stroke-dasharray:6 4}
.bar-whole{fill:var(--whole)}.bar-weak{fill:none;stroke:var(--weak);stroke-width:1.8}
table{border-collapse:collapse;width:100%;max-width:800px;font-size:.9rem;margin:.6rem 0 1rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:.2rem 0}
th,td{text-align:right;padding:.22rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}
thead th{border-bottom:2px solid var(--axis);vertical-align:bottom}
th:first-child,td:first-child{text-align:left;padding-left:0}tbody th{font-weight:400}
td{white-space:nowrap}
details{margin:.7rem 0}summary{cursor:pointer;padding:.2rem 0;font-weight:600}
summary:focus-visible{outline:3px solid var(--whole);outline-offset:2px}
code{font-size:.92em}
footer{margin-top:2.6rem;border-top:2px solid var(--line);padding-top:.6rem}
@media(max-width:480px){body{padding:.9rem}table{font-size:.82rem}th,td{padding:.22rem .3rem}}
@media print{
:root{color-scheme:light;--ink:#000;--soft:#333;--line:#ccc;--axis:#666;--paper:#fff;--panel:#fff;--whole:#1f5fa8;--weak:#b93a08;--good:#0a6b45;--bad:#a32020}
body{max-width:none;padding:0;font-size:10.5pt}.key{position:static}.charts,.figures{grid-template-columns:repeat(2,1fr)}
h2,h3{break-after:avoid}tr,.trust,.use{break-inside:avoid}details:not([open]){display:none}
}
)";

}  // namespace buttress
