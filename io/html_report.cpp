// SPDX-License-Identifier: BSD-3-Clause
#include "io/html_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "io/html_moving.hpp"
#include "io/html_script.hpp"
#include "io/svg.hpp"

namespace apical::html {
namespace {

using svg::escaped;

constexpr std::string_view style = R"css(
:root {
  color-scheme: light dark;
  --paper: #faf9f6; --card: #ffffff; --ink: #1c1d21; --soft: #63656d; --rule: #e4e2dc; --grid: #eceae5; --band: #f0ead9;
  --c0: #2459b3; --c1: #d2502b; --c2: #2f8a5b; --c3: #8a4fb0; --c4: #b5842a; --c5: #4b7f93;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131418; --card: #1a1c21; --ink: #e9e7e1; --soft: #9a9ca5; --rule: #2d3037; --grid: #272a31; --band: #2d2a22;
    --c0: #7fb0ff; --c1: #ff9468; --c2: #74d3a1; --c3: #cf9bf0; --c4: #e9c46f; --c5: #8ecbe0;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 "Source Sans 3", "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 56px 28px 40px; }
h1, h2 { font-family: Charter, "Bitstream Charter", "Source Serif 4", "DejaVu Serif", Georgia, serif; font-weight: 600; letter-spacing: -0.01em; }
h1 { font-size: 34px; line-height: 1.15; margin: 0 0 8px; }
h2 { font-size: 17px; line-height: 1.3; margin: 0; }
.subtitle { color: var(--soft); font-size: 17px; max-width: 46em; margin: 0; }
.facts { display: flex; flex-wrap: wrap; gap: 14px 40px; margin: 28px 0 32px; padding: 18px 0; border-block: 1px solid var(--rule); }
.facts dt { color: var(--soft); font-size: 12.5px; }
.facts dd { margin: 1px 0 0; font-size: 19px; font-variant-numeric: tabular-nums; }
.facts div { min-width: 0; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 20px; }
.beside { display: grid; grid-template-columns: minmax(0, 1.75fr) minmax(0, 1fr); gap: 20px; align-items: stretch; }
.beside > .grid { grid-template-columns: repeat(2, minmax(0, 1fr)); grid-auto-rows: auto; align-content: start; }
.wide { grid-column: span 2; }
@media (max-width: 900px) { .beside, .beside > .grid, .grid { grid-template-columns: minmax(0, 1fr); } .wide { grid-column: auto; } }
figure { margin: 0; padding: 18px 18px 14px; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; display: flex; flex-direction: column; min-width: 0; }
section + section { margin-top: 20px; }
figcaption p { margin: 3px 0 0; color: var(--soft); font-size: 13.5px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 8px 0 4px; font-size: 13px; color: var(--soft); }
.legend span::before { content: ""; display: inline-block; width: 16px; height: 0; border-top: 2.5px solid var(--k); border-radius: 2px; margin-right: 6px; vertical-align: middle; }
svg { display: block; width: 100%; height: auto; overflow: hidden; }
.panel svg { margin-top: auto; }
.panel line.grid { stroke: var(--grid); stroke-width: 1; }
line.axis { stroke: var(--soft); stroke-width: 1; }
rect.span { fill: var(--band); }
text { font-family: inherit; fill: var(--soft); font-size: 11.5px; font-variant-numeric: tabular-nums; }
.curve { fill: none; stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round; }
.c0 { stroke: var(--c0); --k: var(--c0); } .c1 { stroke: var(--c1); --k: var(--c1); } .c2 { stroke: var(--c2); --k: var(--c2); }
.c3 { stroke: var(--c3); --k: var(--c3); } .c4 { stroke: var(--c4); --k: var(--c4); } .c5 { stroke: var(--c5); --k: var(--c5); }
.stage { background: #101116; border-color: #101116; color: #eceae4; color-scheme: dark; --soft: #a2a4ae; --c0: #8fbaff; --c1: #ffa07a; --c2: #7fdcab; --c3: #d6a7f3; --c4: #efcf82; --c5: #9ad6ea; }
@media (prefers-color-scheme: dark) { .stage { border-color: var(--rule); } }
.stage svg { margin: auto 0; } .stage figcaption p { color: #a2a4ae; }
.tree path { fill: none; stroke-linecap: round; stroke-linejoin: round; }
.scale { stroke: #eceae4; stroke-width: 2; fill: none; }
.mark circle, .mark path { fill: none; stroke-width: 1.5; }
.mark text { fill: var(--k); stroke: #101116; stroke-width: 4px; paint-order: stroke; font-size: 12.5px; }
.f0 { fill: var(--c0); } .f1 { fill: var(--c1); } .f2 { fill: var(--c2); } .f3 { fill: var(--c3); } .f4 { fill: var(--c4); } .f5 { fill: var(--c5); }
text.label, text.value { fill: var(--ink); }
.panel.bars svg { max-width: 480px; margin-top: 10px; }
.panel .legend.areas span::before { height: 9px; width: 9px; border: 0; background: var(--k); }
.beside > .scene { align-self: start; position: sticky; top: 20px; }
.scene canvas { display: block; width: 100%; height: clamp(420px, 62vh, 560px); touch-action: none; cursor: grab; border-radius: 6px; }
.scene canvas:active { cursor: grabbing; }
.scene canvas:focus-visible, .stage button:focus-visible, .stage input:focus-visible { outline: 2px solid var(--c0); outline-offset: 2px; }
.toggles { display: flex; flex-wrap: wrap; gap: 6px; margin: 10px 0 6px; }
.toggles button { font: inherit; font-size: 12.5px; color: #eceae4; background: none; border: 1px solid #33353f; border-radius: 99px; padding: 2px 11px 2px 9px; cursor: pointer; }
.toggles button::before { content: ""; display: inline-block; width: 9px; height: 9px; border-radius: 50%; background: var(--k); margin-right: 7px; }
.toggles button[aria-pressed=false] { color: #777a86; } .toggles button[aria-pressed=false]::before { background: #3a3d48; }
.aside { color: var(--soft); font-size: 12px; margin: 6px 0 0; }
.player { display: flex; align-items: center; gap: 12px; margin-top: 10px; } .player[hidden] { display: none; }
.player button { flex: none; width: 34px; height: 34px; border-radius: 50%; border: 0; background: #eceae4; cursor: pointer; position: relative; }
.player button::before { content: ""; position: absolute; left: 13px; top: 10px; border-left: 11px solid #101116; border-block: 7px solid transparent; }
.player button.on::before { left: 11px; border-left: 4px solid #101116; border-right: 4px solid #101116; border-block: 0; width: 4px; height: 14px; }
.player input { flex: 1; min-width: 60px; accent-color: var(--c0); }
.player output { flex: none; min-width: 5.2em; text-align: right; font-size: 13px; font-variant-numeric: tabular-nums; color: #eceae4; }
.stage svg.strip { margin: 8px 0 0; flex: none; } .strip .level { stroke: #2a2c35; } .strip .cursor { stroke: #eceae4; stroke-width: 1.2; }
.film > svg:first-of-type { max-height: 600px; }
.scroll { overflow-x: auto; margin-top: 10px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--soft); font-weight: 500; font-size: 12.5px; border-bottom: 1px solid var(--rule); }
th, td { padding: 6px 20px 6px 0; vertical-align: top; }
td { border-bottom: 1px solid var(--grid); }
tr:last-child td { border-bottom: 0; }
.number { text-align: right; white-space: nowrap; }
footer { margin-top: 36px; color: var(--soft); font-size: 13px; }
@media print { main { padding: 0; max-width: none; } figure { break-inside: avoid; } .stage { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)css";

std::string caption(const std::string& title, const std::string& text) {
    return fmt::format("<figcaption><h2>{}</h2>{}</figcaption>", escaped(title), text.empty() ? "" : fmt::format("<p>{}</p>", escaped(text)));
}

std::string legend(const std::vector<line>& lines) {
    if (lines.size() < 2) return {};
    std::string out = "<div class=\"legend\">";
    for (const auto& l : lines) out += fmt::format("<span class=\"c{}\">{}</span>", l.colour % 6, escaped(l.name));
    return out + "</div>";
}

std::string show(const panel& p) {
    return fmt::format("<figure class=\"panel\">{}{}{}</figure>", caption(p.title, p.caption), legend(p.lines), svg::draw(p));
}
std::string show(const painted_cell& c) { return fmt::format("<figure class=\"stage\">{}{}</figure>", caption(c.title, c.caption), svg::draw(c)); }
std::string show(const film& f) { return fmt::format("<figure class=\"stage film\">{}{}</figure>", caption(f.cell.title, f.cell.caption), inside(f)); }
std::string show(const scene& s) { return fmt::format("<figure class=\"stage scene\">{}{}</figure>", caption(s.title, s.caption), inside(s)); }
std::string show(const bars& b) {
    std::string names;
    if (b.parts.size() > 1)
        for (std::size_t k = 0; k < b.parts.size(); ++k) names += fmt::format("<span class=\"c{}\">{}</span>", k % 6, escaped(b.parts[k]));
    return fmt::format("<figure class=\"panel bars\">{}{}{}</figure>", caption(b.title, b.caption), names.empty() ? "" : "<div class=\"legend areas\">" + names + "</div>", svg::draw(b));
}
/// Spikes of every nth cell.
std::size_t drawn_of(const raster::population& p, std::uint64_t n) {
    return static_cast<std::size_t>(std::ranges::count_if(p.of_cell, [n](std::uint64_t c) { return c % n == 0; }));
}

std::string show(const raster& r) {
    std::vector<line> names;
    for (std::size_t i = 0; i < r.populations.size(); ++i) names.push_back({.name = r.populations[i].name, .x = {}, .y = {}, .colour = static_cast<int>(i)});
    auto words = r.caption;
    const auto n = r.stride();
    const auto tell = [&](const std::string& what) { words += (words.empty() ? "" : " ") + what; };
    if (n > 1) tell(fmt::format("One cell in {} is drawn.", n));
    const auto is_cut = [&](const raster::population& p) { return drawn_of(p, n) > raster::most_spikes; };
    if (std::ranges::any_of(r.populations, is_cut)) tell(fmt::format("Of a population the first {} spikes are drawn.", raster::most_spikes));
    return fmt::format("<figure class=\"panel wide\">{}{}{}</figure>", caption(r.title, words), legend(names), svg::draw(r));
}

bool is_number(const std::string& cell) {
    return !cell.empty() && cell.find_first_not_of("0123456789.,-+eE ") == cell.npos && cell.find_first_of("0123456789") != cell.npos;
}

/// A column is set flush right if each of its cells is one number.
std::vector<bool> number_columns(const table& t) {
    std::vector<bool> out(t.header.size(), !t.rows.empty());
    for (const auto& row : t.rows)
        for (std::size_t c = 0; c < out.size(); ++c) out[c] = out[c] && c < row.size() && is_number(row[c]) && row[c].find(' ') == std::string::npos;
    return out;
}

/// With the sign that print has for it.
std::string with_minus(const std::string& number) { return number.starts_with('-') ? "\xE2\x88\x92" + number.substr(1) : number; }

std::string show(const table& t) {
    const auto numbers = number_columns(t);
    const auto row_of = [&](const std::vector<std::string>& cells, const char* tag) {
        std::string out = "<tr>";
        for (std::size_t c = 0; c < cells.size(); ++c) {
            const bool number = c < numbers.size() && numbers[c];
            out += fmt::format("<{0}{1}>{2}</{0}>", tag, number ? " class=\"number\"" : "", escaped(number ? with_minus(cells[c]) : cells[c]));
        }
        return out + "</tr>";
    };
    std::string body;
    for (const auto& r : t.rows) body += row_of(r, "td");
    return fmt::format("<figure>{}<div class=\"scroll\"><table><thead>{}</thead><tbody>{}</tbody></table></div></figure>", caption(t.title, t.caption),
                       row_of(t.header, "th"), body);
}

std::string facts(const page& p) {
    if (p.facts.empty()) return {};
    std::string out = "<dl class=\"facts\">";
    for (const auto& [name, value] : p.facts) out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escaped(name), escaped(value));
    return out + "</dl>";
}

/// Figures in rows: panels share a grid, a cell or a scene stands beside the grid that follows it, tables have the whole width.
std::string body(const std::vector<figure>& figures) {
    const auto is_panel = [](const figure& f) { return std::holds_alternative<panel>(f) || std::holds_alternative<raster>(f) || std::holds_alternative<bars>(f); };
    const auto is_stage = [](const figure& f) { return std::holds_alternative<painted_cell>(f) || std::holds_alternative<film>(f) || std::holds_alternative<scene>(f); };
    const auto shown = [](const figure& f) { return std::visit([](const auto& x) { return show(x); }, f); };
    std::string out;
    for (auto f = figures.begin(); f != figures.end();) {
        const bool is_cell = is_stage(*f);
        auto first = f + (is_cell ? 1 : 0), last = std::find_if_not(first, figures.end(), is_panel);
        std::string grid;
        for (auto g = first; g != last; ++g) grid += shown(*g);
        if (!grid.empty()) grid = "<div class=\"grid\">" + grid + "</div>";
        if (is_cell) out += fmt::format("<section{}>{}{}</section>", grid.empty() ? "" : " class=\"beside\"", grid, shown(*f));
        else if (!grid.empty()) out += "<section>" + grid + "</section>";
        else out += "<section>" + shown(*last++) + "</section>";
        f = last;
    }
    return out;
}

}  // namespace

std::uint64_t raster::stride() const {
    std::size_t spikes = 0, cells = 1;
    for (const auto& p : populations) spikes += p.times.size(), cells = std::max(cells, static_cast<std::size_t>(p.cells));
    const auto fits = [&](std::uint64_t n) {
        std::size_t drawn = 0;
        for (const auto& p : populations) drawn += drawn_of(p, n);
        return drawn <= most_spikes;
    };
    std::uint64_t n = std::max<std::uint64_t>((spikes + most_spikes - 1)/most_spikes, 1);
    while (n < cells && !fits(n)) n += n/4 + 1;
    return std::min<std::uint64_t>(n, cells);
}

std::string render(const page& p) {
    const auto moves = [](const figure& f) { return std::holds_alternative<film>(f) || std::holds_alternative<scene>(f); };
    const auto code = std::ranges::any_of(p.figures, moves) ? fmt::format("<script>{}</script>", script()) : std::string();
    return fmt::format("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                       "<title>{}</title><style>{}</style></head>\n<body><main><header><h1>{}</h1><p class=\"subtitle\">{}</p></header>\n{}\n{}\n"
                       "<footer>{}</footer></main>{}</body></html>\n",
                       escaped(p.title), style, escaped(p.title), escaped(p.subtitle), facts(p), body(p.figures), escaped(p.footer), code);
}

void write_page(const std::filesystem::path& path, const page& p, overwrite mode) { write_text(path, render(p), mode); }

}  // namespace apical::html
