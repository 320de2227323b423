// The two sums that the gradients of a normalisation need:  Σ g  and  Σ g x̂
//
// g is dy; or w dy, where weights differ within a set (AFFINE is not PER_SET). With BY_ROW an item
// is a weight's own elements, in several sets: the sums are then the gradients of b and w.

import package::lib::products::once4;
import package::norm::fold::{folded, gathered};
import package::norm::sets::{
  ACROSS, AFFINE, FOUR, Job, PER_SET, SINGLE, first_place, next_place, params, run_end, stride,
  weight_at, x_at,
};
import package::norm::statistics::{Statistics, standardized};

override BY_ROW: bool = false;

@group(0) @binding(3) var<storage, read> dy: array<vec4f>;
@group(0) @binding(4) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(5) var<storage, read> partials: array<vec4f>; // two for each job

struct Sums { g: vec4f, gx: vec4f }

fn dy_at(at: u32) -> vec4f {
  let e = params.dy_offset + at;
  if (FOUR == SINGLE) { return vec4f(dy[e / 4u][e % 4u]); }
  return dy[params.dy_offset / 4u + at];
}

// The statistics of an item; or of the set to which its elements at o belong.
fn known(item: u32, o: u32) -> Statistics {
  if (FOUR == ACROSS && !BY_ROW) {
    let at = 4u * item;
    return Statistics(
      statistics[at], statistics[at + 1u], statistics[at + 2u], statistics[at + 3u],
    );
  }
  let one = statistics[select(item, o * params.rows + item / params.per_row, BY_ROW)];
  return Statistics(vec4f(one.x), vec4f(one.y), vec4f(one.z), vec4f(one.w));
}

fn sums_of(j: Job) -> Sums {
  var g = vec4f();
  var gx = vec4f();
  var of_set = known(j.item, 0u);
  for (var p = first_place(j); p.q < j.to;) {
    var few_g = vec4f();
    var few_gx = vec4f();
    for (let end = run_end(p, j); p.q < end; p = next_place(p, j.item)) {
      if (BY_ROW) { of_set = known(j.item, p.o); }
      var here = dy_at(p.at);
      if (AFFINE != PER_SET) { here = once4(here * weight_at(j.item, p.i)); }
      few_g += here;
      few_gx += once4(here * standardized(x_at(p.at), of_set));
    }
    g += few_g;
    gx += few_gx;
  }
  return Sums(folded(g, j.lane), folded(gx, j.lane));
}

// The sums of all parts.
fn gathered_sums(j: Job) -> Sums {
  var g = vec4f();
  var gx = vec4f();
  for (var k = j.lane; k < params.parts; k += stride()) {
    let at = 2u * (k * params.items + j.item);
    g += partials[at];
    gx += partials[at + 1u];
  }
  return Sums(gathered(g, j.lane), gathered(gx, j.lane));
}
