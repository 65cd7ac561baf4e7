// SPDX-License-Identifier: BSD-3-Clause
#include "io/html_script.hpp"

namespace apical::html {
namespace {

constexpr std::string_view text = R"js(
'use strict';
(() => {
const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
const dataOf = figure => JSON.parse(figure.querySelector('script').textContent);
const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));

/* A button, a slider and a clock over [from, to] ms, which go through it in so many seconds and call show(t). */
function player(figure, {from, to, at, seconds, step, show}) {
  const bar = figure.querySelector('.player'), button = bar.querySelector('button'), slider = bar.querySelector('input'), clock = bar.querySelector('output');
  let time = at, since = 0, playing = false;
  Object.assign(slider, {min: from, max: to, step});
  const digits = step < 1 ? 1 : 0;
  const set = t => {
    time = t; slider.value = t;
    clock.textContent = t.toFixed(digits) + ' ms';
    slider.setAttribute('aria-valuetext', t.toFixed(digits) + ' ms');
    show(t);
  };
  const tick = now => {
    if (!playing) return;
    const next = time + (now - since)/1000*(to - from)/seconds;
    since = now;
    set(next > to ? from : next);
    requestAnimationFrame(tick);
  };
  const play = on => {
    playing = on;
    button.setAttribute('aria-pressed', on);
    button.setAttribute('aria-label', on ? 'Pause' : 'Play');
    button.classList.toggle('on', on);
    since = performance.now();
    if (on) requestAnimationFrame(tick);
  };
  button.addEventListener('click', () => play(!playing));
  slider.addEventListener('input', () => { play(false); set(+slider.value); });
  bar.hidden = false;
  set(at);
  return {isPlaying: () => playing};
}

function film(figure) {
  const data = dataOf(figure), n = data.places, times = data.times, frames = bytes(data.frames);
  const strokes = [...figure.querySelectorAll('[data-i]')].map(path => ({path, place: +path.dataset.i, shown: -1}));
  const colours = Array.from({length: 256}, (_, k) => '#' + data.colours.substr(6*k, 6));
  const cursor = figure.querySelector('.cursor'), strip = cursor && cursor.dataset;
  const show = t => {
    let k = 0;
    while (k + 1 < times.length && times[k + 1] <= t + 1e-9) ++k;
    for (const s of strokes) {
      const v = frames[k*n + s.place];
      if (v !== s.shown) s.path.setAttribute('stroke', colours[s.shown = v]);
    }
    if (cursor) {
      const x = +strip.start + (times[k] - strip.from)/(strip.to - strip.from)*(strip.end - strip.start);
      cursor.setAttribute('x1', x); cursor.setAttribute('x2', x);
      cursor.style.display = '';
    }
  };
  const last = times[times.length - 1];
  player(figure, {from: times[0], to: last, at: data.at, seconds: 8, step: Math.max(0.05, (last - times[0])/400), show});
}

function scene(figure) {
  const data = dataOf(figure), canvas = figure.querySelector('canvas'), view = canvas.getContext('2d');
  const tints = getComputedStyle(figure);
  const all = data.populations.map(p => ({...p, colour: tints.getPropertyValue('--c' + p.colour % 6).trim(), shown: true}));
  const cells = [];
  /* a little lighter or darker, so that cells of one colour can be told apart */
  const varied = (hex, k) => {
    const f = ((k*0.6180339887) % 1 - 0.5)*0.7, to = f > 0 ? 255 : 0;
    return '#' + [1, 3, 5].map(i => Math.round(parseInt(hex.substr(i, 2), 16)*(1 - Math.abs(f)) + to*Math.abs(f)).toString(16).padStart(2, '0')).join('');
  };
  let low = [1e9, 1e9, 1e9], high = [-1e9, -1e9, -1e9];
  const reach = (x, y, z) => [x, y, z].forEach((v, k) => { low[k] = Math.min(low[k], v); high[k] = Math.max(high[k], v); });
  for (const p of all) {
    const inner = [1e9, 1e9, 1e9], outer = [-1e9, -1e9, -1e9];
    for (const line of p.lines) for (let k = 1; k < line.length; k += 3)
      for (let d = 0; d < 3; ++d) { inner[d] = Math.min(inner[d], line[k + d]); outer[d] = Math.max(outer[d], line[k + d]); }
    for (let c = 0; c < p.at.length/3; ++c) {
      const [x, y, z] = p.at.slice(3*c, 3*c + 3), whole = p.lines.length > 0 && p.each > 0 && c % p.each === 0;
      cells.push({of: p, x, y, z, whole, colour: varied(p.colour, c), spikes: [], depth: 0});
      reach(x - p.soma/2, y - p.soma/2, z - p.soma/2); reach(x + p.soma/2, y + p.soma/2, z + p.soma/2);
      if (whole) { reach(x + inner[0], y + inner[1], z + inner[2]); reach(x + outer[0], y + outer[1], z + outer[2]); }
    }
    p.first = cells.length - p.at.length/3;
    p.t.forEach((t, k) => cells[p.first + p.c[k]].spikes.push(t));
  }
  const middle = low.map((v, k) => (v + high[k])/2), half = low.map((v, k) => Math.max((high[k] - v)/2, 1));
  const size = Math.hypot(...half);
  let yaw = 0.55, pitch = 0.12, zoom = 1, time = -1, width = 0, height = 0, wanted = false;
  let spin = !still && cells.length < 2000, seen = false, before = 0;

  const lastSpike = (spikes, t) => {
    let a = 0, b = spikes.length;
    while (a < b) { const m = (a + b) >> 1; if (spikes[m] <= t) a = m + 1; else b = m; }
    return a ? spikes[a - 1] : -1e9;
  };
  function draw() {
    wanted = false;
    const ratio = devicePixelRatio || 1;
    width = canvas.clientWidth; height = canvas.clientHeight;
    if (canvas.width !== Math.round(width*ratio)) canvas.width = Math.round(width*ratio);
    if (canvas.height !== Math.round(height*ratio)) canvas.height = Math.round(height*ratio);
    view.setTransform(ratio, 0, 0, ratio, 0, 0);
    view.clearRect(0, 0, width, height);
    const cy = Math.cos(yaw), sy = Math.sin(yaw), cp = Math.cos(pitch), sp = Math.sin(pitch);
    const turn = (x, y, z) => { const u = cy*x + sy*z, w = cy*z - sy*x; return [u, cp*y - sp*w, sp*y + cp*w]; };
    const flat = Math.hypot(half[0], half[2]);
    const fit = 0.93*zoom*Math.min(width/(2*flat), height/(2*(half[1] + 0.1*flat))), far = 4*size;
    const at = ([x, y, z]) => { const s = fit*far/(far - z); return [width/2 + x*s, height/2 - y*s, s]; };
    for (const p of all) p.turned = p.lines.map(line => {
      const out = new Float32Array(line.length);
      out[0] = line[0];
      for (let k = 1; k < line.length; k += 3) out.set(turn(line[k], line[k + 1], line[k + 2]), k);
      return out;
    });
    for (const c of cells) { c.seen = turn(c.x - middle[0], c.y - middle[1], c.z - middle[2]); c.depth = c.seen[2]; }
    const order = cells.filter(c => c.of.shown).sort((a, b) => a.depth - b.depth);
    view.lineCap = view.lineJoin = 'round';
    for (const p of all) p.alpha = Math.max(0.1, Math.min(0.95, 2.6/Math.sqrt(cells.filter(c => c.whole && c.of === p).length + 1)));
    for (const c of order) {
      const near = Math.max(0, Math.min(1, 0.5 + c.depth/(2*size)));
      const age = time - lastSpike(c.spikes, time), glow = time >= 0 && age < 60 ? Math.exp(-age/12) : 0;
      view.strokeStyle = c.colour; view.fillStyle = c.of.colour;
      if (c.whole) {
        view.globalAlpha = Math.min(1, c.of.alpha*(0.4 + 0.6*near) + 0.6*glow);
        for (const thick of [false, true]) {
          view.beginPath();
          for (const line of c.of.turned) {
            if ((line[0] >= 2) !== thick) continue;
            for (let k = 1; k < line.length; k += 3) {
              const s = fit*far/(far - c.seen[2] - line[k + 2]), x = width/2 + (c.seen[0] + line[k])*s, y = height/2 - (c.seen[1] + line[k + 1])*s;
              if (k === 1) view.moveTo(x, y); else view.lineTo(x, y);
            }
          }
          view.lineWidth = thick ? Math.max(1.1, Math.min(4, 3*fit)) : Math.max(0.6, Math.min(2, 1.1*fit));
          view.stroke();
        }
      }
      const [x, y, s] = at(c.seen), r = Math.max(cells.length > 3000 ? 0.9 : 1.8, c.of.soma/2*s);
      view.globalAlpha = time < 0 ? 0.55 + 0.45*near : 0.45 + 0.3*near;
      view.beginPath(); view.arc(x, y, r, 0, 7); view.fill();
      if (glow > 0.02) {
        const light = view.createRadialGradient(x, y, 0, x, y, r*2 + 10);
        light.addColorStop(0, '#fff'); light.addColorStop(0.25, c.of.colour); light.addColorStop(1, 'transparent');
        view.globalAlpha = glow; view.fillStyle = light;
        view.beginPath(); view.arc(x, y, r*2 + 10, 0, 7); view.fill();
      }
    }
    view.globalAlpha = 1;
    let bar = 1000;
    for (const nice of [10, 20, 50, 100, 200, 500]) if (nice*fit >= 40) { bar = nice; break; }
    view.fillStyle = view.strokeStyle = '#eceae4'; view.lineWidth = 2;
    view.beginPath(); view.moveTo(14, height - 14); view.lineTo(14 + bar*fit, height - 14); view.stroke();
    view.font = '12px sans-serif'; view.fillText(bar >= 1000 ? '1 mm' : bar + ' \u00b5m', 14, height - 21);
  }
  const ask = () => { if (!wanted) { wanted = true; requestAnimationFrame(draw); } };

  let hold = null;
  canvas.addEventListener('pointerdown', e => { hold = [e.clientX, e.clientY]; canvas.setPointerCapture(e.pointerId); spin = false; });
  canvas.addEventListener('pointermove', e => {
    if (!hold) return;
    yaw += (e.clientX - hold[0])*0.008;
    pitch = Math.max(-1.5, Math.min(1.5, pitch + (e.clientY - hold[1])*0.008));
    hold = [e.clientX, e.clientY];
    ask();
  });
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => { hold = null; });
  const magnify = by => { zoom = Math.max(0.5, Math.min(12, zoom*by)); ask(); };
  canvas.addEventListener('wheel', e => {   // a page that scrolls goes on scrolling
    if (!e.ctrlKey && document.activeElement !== canvas) return;
    e.preventDefault(); magnify(Math.exp(-e.deltaY*0.002));
  }, {passive: false});
  canvas.addEventListener('keydown', e => {
    const keys = {ArrowLeft: () => { yaw -= 0.1; }, ArrowRight: () => { yaw += 0.1; }, ArrowUp: () => { pitch = Math.max(-1.5, pitch - 0.1); },
                  ArrowDown: () => { pitch = Math.min(1.5, pitch + 0.1); }, '+': () => magnify(1.2), '-': () => magnify(1/1.2)};
    if (!keys[e.key]) return;
    e.preventDefault(); spin = false; keys[e.key](); ask();
  });
  figure.querySelectorAll('.toggles button').forEach((button, k) => button.addEventListener('click', () => {
    all[k].shown = !all[k].shown;
    button.setAttribute('aria-pressed', all[k].shown);
    ask();
  }));
  const around = now => {
    if (!spin || !seen) { before = 0; return; }
    if (before) yaw += Math.min(now - before, 100)*0.00012;
    before = now;
    ask(); requestAnimationFrame(around);
  };
  new IntersectionObserver(([e]) => {   // turns slowly while it is seen, until somebody takes hold of it
    const starts = e.isIntersecting && !seen;
    seen = e.isIntersecting;
    if (starts && spin) requestAnimationFrame(around);
  }).observe(canvas);
  new ResizeObserver(ask).observe(canvas);
  if (data.until > 0) player(figure, {from: 0, to: data.until, at: 0, seconds: Math.min(30, Math.max(8, data.until/40)), step: Math.max(0.5, data.until/1000),
                                      show: t => { time = t > 0 ? t : -1; ask(); }});
  ask();
}
document.querySelectorAll('figure.film').forEach(film);
document.querySelectorAll('figure.scene').forEach(scene);
})();
)js";

}  // namespace

std::string_view script() { return text; }

}  // namespace apical::html
