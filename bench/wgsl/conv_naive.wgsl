// Convolution of images, the plain way
//
//     y[n,o,oy,ox] = Σ_{c,ky,kx} w[o,c,ky,kx] · x[n,c, oy·stride − padding + ky, ox·stride − padding + kx]
//
//     x [images, c, side, side]     w [o, c, k, k]     y [images, o, to, to]
//
// One invocation computes one number of y and loads two for each multiply-add: the first rung, from which
// the library's conv.wgsl goes on to blocks in registers.

override WORKGROUP: u32 = 64;

struct Params {
  images: u32,
  c: u32,
  o: u32,
  side: u32,
  to: u32,
  k: u32,
  stride: u32,
  padding: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let at = id.x;
  let ox = at % params.to;
  let oy = at / params.to % params.to;
  let o = at / (params.to * params.to) % params.o;
  let n = at / (params.to * params.to * params.o);
  if (n >= params.images) { return; }
  var sum = 0.0;
  for (var c = 0u; c < params.c; c++) {
    for (var ky = 0u; ky < params.k; ky++) {
      let iy = oy * params.stride + ky - params.padding; // below 0 it is very large
      if (iy >= params.side) { continue; }
      for (var kx = 0u; kx < params.k; kx++) {
        let ix = ox * params.stride + kx - params.padding;
        if (ix >= params.side) { continue; }
        sum += w[((o * params.c + c) * params.k + ky) * params.k + kx]
          * x[((n * params.c + c) * params.side + iy) * params.side + ix];
      }
    }
  }
  y[at] = sum;
}
