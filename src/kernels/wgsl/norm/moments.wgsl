// Mean and sum of squares of a set, or of a part of it
//
// The mean is subtracted twice. The first one, m, is rounded, by half a unit in its last place: of
// a mean of 10⁴ that is 5 · 10⁻⁴. The second, δ, is what is left of it. T. F. Chan, G. H. Golub &
// R. J. LeVeque 1983, The American Statistician 37: also for the moments of parts put together.

import package::lib::products::once4;
import package::norm::fold::{folded, gathered};
import package::norm::sets::{
  CENTRED, Job, first_place, next_place, params, part_count, run_end, stride, x_at,
};

@group(0) @binding(7) var<storage, read> partials: array<vec4f>; // three for each job

struct Moments { m: vec4f, delta: vec4f, squares: vec4f } // Σ (x − m − δ)²

fn mean_of(j: Job, n: f32) -> vec4f {
  if (!CENTRED) { return vec4f(); }
  var total = vec4f();
  for (var p = first_place(j); p.q < j.to;) {
    var few = vec4f();
    for (let end = run_end(p, j); p.q < end; p = next_place(p, j.item)) { few += x_at(p.at); }
    total += few;
  }
  return folded(total, j.lane) / n;
}

fn moments_of(j: Job, n: f32) -> Moments {
  let m = mean_of(j, n);
  var total = vec4f();
  var squares = vec4f();
  for (var p = first_place(j); p.q < j.to;) {
    var few = vec4f();
    var few_squares = vec4f();
    for (let end = run_end(p, j); p.q < end; p = next_place(p, j.item)) {
      let d = x_at(p.at) - m;
      few += d;
      few_squares += once4(d * d);
    }
    total += few;
    squares += few_squares;
  }
  let all = folded(squares, j.lane);
  if (!CENTRED) { return Moments(m, m, all); }
  let rest = folded(total, j.lane);
  let left = all - once4(rest * (rest / n));
  return Moments(m, rest / n, select(left, vec4f(), left < vec4f()));
}

// The moments of all parts together, relative to the mean of the first.
fn merged(j: Job) -> Moments {
  let m = partials[3u * j.item];
  var shift = vec4f();
  for (var k = j.lane; k < params.parts; k += stride()) {
    let at = 3u * (k * params.items + j.item);
    shift += once4(part_count(k) * ((partials[at] - m) + partials[at + 1u]));
  }
  let delta = gathered(shift, j.lane) / params.n;
  var squares = vec4f();
  for (var k = j.lane; k < params.parts; k += stride()) {
    let at = 3u * (k * params.items + j.item);
    let off = ((partials[at] - m) + partials[at + 1u]) - delta;
    squares += partials[at + 2u] + once4(part_count(k) * once4(off * off));
  }
  return Moments(m, delta, gathered(squares, j.lane));
}
