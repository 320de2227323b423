// The numbers of x that the pixels of y are multiplied with, one pixel after the other
//
// Every pixel of y has a window in x, and an invocation needs one tap of it. How the window moves
// on is the same for all invocations, so a GPU computes it once per subgroup. It takes sums instead
// of products and quotients: a step to the right, or to the next row, or to the next image.

import package::conv::geometry::params;
import package::conv::partial::x;

override PLANES: u32 = 4; // channels of x per invocation: 1 or 4

// What the next pixel of y is multiplied with: the corner of its window in x, which may lie
// outside of the image.
struct Place {
  top: u32, left: u32,
  ahead: u32, // from the beginning of the first image to that corner
  pixels: u32, // that are still to come
}

// What an invocation needs of x: where its channels begin, and how far its tap is from the corner.
struct Tap { at: vec4u, dy: u32, dx: u32 }

// x at this tap of the next pixel, and 0 outside.
fn next_x(place: ptr<function, Place>, tap: Tap) -> vec4f {
  let is_row = (*place).top + tap.dy < params.h && (*place).pixels != 0u;
  let inside = (*place).left + tap.dx < params.w && is_row;
  let ahead = (*place).ahead;
  var v = vec4f(x[tap.at.x + ahead], 0.0, 0.0, 0.0);
  if (PLANES > 1u) {
    v = vec4f(v.x, x[tap.at.y + ahead], x[tap.at.z + ahead], x[tap.at.w + ahead]);
  }
  advance(place);
  return select(vec4f(), v, inside);
}

fn advance(place: ptr<function, Place>) {
  let columns = params.ow * params.stride_x;
  let rows = params.oh * params.stride_y;
  (*place).pixels = max((*place).pixels, 1u) - 1u;
  (*place).left += params.stride_x;
  (*place).ahead += params.stride_x;
  if ((*place).left + params.padding_x == columns) {
    (*place).left -= columns;
    (*place).top += params.stride_y;
    (*place).ahead += params.stride_y * params.w - columns;
    if ((*place).top + params.padding_y == rows) {
      (*place).top -= rows;
      (*place).ahead += (params.groups * params.c * params.h - rows) * params.w;
    }
  }
}
