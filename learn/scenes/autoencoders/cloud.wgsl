// A cloud of small pictures: every test digit, drawn where its code lies
//
// One instance per digit, a square of two triangles that faces the eye. Its place is read from the
// tensor of codes, its ink from the tensor of images: nothing is copied. A box shows the axes.

struct View {
  clip: mat4x4f,            // from the box, whose edges go from −1 to 1, to the canvas
  right: vec3f,             // the directions of the canvas, in the box
  radius: f32,              // half the edge of a square
  up: vec3f,
  near: f32,                // distance from the eye at which the haze begins; it ends 2.5 behind
  eye: vec3f,
  places_offset: u32,       // in elements
  middle: vec3f,            // of the codes, at the middle of the box
  pixels_offset: u32,
  extent: vec3f,            // of the codes along each axis, from the middle to the box's side
  ground: vec3f,
  line: vec3f,
  colours: array<vec4f, 10>, // of the ten digits
}

const SIDE = 28; // pixels of a digit

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> places: array<f32>;  // [n, 3]
@group(0) @binding(2) var<storage, read> pixels: array<f32>;  // [n, 784]
@group(0) @binding(3) var<storage, read> labels: array<u32>;  // [n]

/** Far things fade to the colour of the ground. */
fn hazy(colour: vec3f, distance: f32) -> vec3f {
  return mix(colour, view.ground, 0.6 * clamp((distance - view.near) / 2.5, 0.0, 1.0));
}

struct Square {
  @builtin(position) position: vec4f,
  @location(0) corner: vec2f,                    // from (0, 0) at the top left to (1, 1)
  @location(1) distance: f32,
  @location(2) @interpolate(flat) digit: u32,
}

@vertex
fn square(@builtin(vertex_index) vertex: u32, @builtin(instance_index) digit: u32) -> Square {
  let corners = array(
    vec2f(0, 0), vec2f(1, 0), vec2f(0, 1),
    vec2f(0, 1), vec2f(1, 0), vec2f(1, 1),
  );
  let corner = corners[vertex];
  let at = view.places_offset + 3 * digit;
  let code = vec3f(places[at], places[at + 1], places[at + 2]);
  let centre = (code - view.middle) / view.extent;
  let aside = view.radius * (2 * corner - 1) * vec2f(1, -1);
  let place = centre + aside.x * view.right + aside.y * view.up;
  return Square(view.clip * vec4f(place, 1), corner, length(centre - view.eye), digit);
}

/** The ink of one pixel; none outside of the picture. */
fn ink(digit: u32, x: i32, y: i32) -> f32 {
  if (x < 0 || y < 0 || x >= SIDE || y >= SIDE) { return 0; }
  return pixels[view.pixels_offset + digit * u32(SIDE * SIDE) + u32(y * SIDE + x)];
}

@fragment
fn drawn(in: Square) -> @location(0) vec4f {
  let p = in.corner * f32(SIDE) - 0.5;
  let first = vec2i(floor(p));
  let t = fract(p);
  let above = mix(ink(in.digit, first.x, first.y), ink(in.digit, first.x + 1, first.y), t.x);
  let below = mix(ink(in.digit, first.x, first.y + 1), ink(in.digit, first.x + 1, first.y + 1), t.x);
  let cover = smoothstep(0.15, 0.55, mix(above, below, t.y));
  if (cover == 0) { discard; }
  return vec4f(hazy(view.colours[labels[in.digit]].rgb, in.distance), cover);
}

struct Line {
  @builtin(position) position: vec4f,
  @location(0) distance: f32,
}

/** Twelve edges of two ends each: edge e runs along axis e / 4. */
@vertex
fn edge(@builtin(vertex_index) vertex: u32) -> Line {
  let axis = vertex / 8;
  let corner = vertex / 2 % 4;
  let sides = vec3f(
    select(-1.0, 1.0, vertex % 2 == 1),
    select(-1.0, 1.0, corner % 2 == 1),
    select(-1.0, 1.0, corner / 2 == 1),
  );
  var place = sides;
  if (axis == 1) { place = sides.zxy; }
  if (axis == 2) { place = sides.yzx; }
  return Line(view.clip * vec4f(place, 1), length(place - view.eye));
}

@fragment
fn ruled(in: Line) -> @location(0) vec4f {
  return vec4f(hazy(view.line, in.distance), 1);
}
