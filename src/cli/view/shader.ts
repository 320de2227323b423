/** The shaders of the view: points as small lit balls, and the edges of a box. */
export const shader = /* wgsl */ `
struct Camera {
  view: mat4x4f,
  projection: mat4x4f,
  paper: vec4f,
  near: f32,   // distance from the eye at which haze begins
  far: f32,    // and at which it is thickest
  radius: f32, // of a ball
}

@group(0) @binding(0) var<uniform> camera: Camera;

/** Far things fade to the colour of the paper. */
fn hazy(colour: vec3f, distance: f32) -> vec3f {
  let far = clamp((distance - camera.near) / (camera.far - camera.near), 0.0, 1.0);
  return mix(colour, camera.paper.rgb, 0.65 * far);
}

struct Ball {
  @builtin(position) position: vec4f,
  @location(0) corner: vec2f,
  @location(1) colour: vec3f,
  @location(2) distance: f32,
}

/** A square that faces the eye, of two triangles, for each point. */
@vertex
fn ball(
  @builtin(vertex_index) vertex: u32,
  @location(0) centre: vec3f,
  @location(1) colour: vec3f,
) -> Ball {
  let corners = array(
    vec2f(-1, -1), vec2f(1, -1), vec2f(-1, 1),
    vec2f(-1, 1), vec2f(1, -1), vec2f(1, 1),
  );
  let corner = corners[vertex];
  let middle = camera.view * vec4f(centre, 1);
  let place = middle + vec4f(camera.radius * corner, 0, 0);
  return Ball(camera.projection * place, corner, colour, -middle.z);
}

/** Within a circle the surface of a ball, lit from the upper left. */
@fragment
fn lit(in: Ball) -> @location(0) vec4f {
  let d = length(in.corner);
  let edge = fwidth(d);
  let inside = clamp((1 - d) / edge + 0.5, 0.0, 1.0);
  let normal = vec3f(in.corner, sqrt(max(0.0, 1 - d * d)));
  let light = max(0.0, dot(normal, normalize(vec3f(-0.5, 0.7, 0.8))));
  let colour = in.colour * (0.62 + 0.38 * light) + 0.16 * pow(light, 24.0);
  if (inside == 0) { discard; }
  return vec4f(hazy(colour, in.distance), inside);
}

struct Line {
  @builtin(position) position: vec4f,
  @location(0) colour: vec3f,
  @location(1) distance: f32,
}

@vertex
fn edge(@location(0) place: vec3f, @location(1) colour: vec3f) -> Line {
  let p = camera.view * vec4f(place, 1);
  return Line(camera.projection * p, colour, -p.z);
}

@fragment
fn drawn(in: Line) -> @location(0) vec4f {
  return vec4f(hazy(in.colour, in.distance), 1);
}
`
