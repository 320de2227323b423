// ln(1 + s) for s from 0 to 1, where a small s is not lost
//
//     ln(1 + s) = 2 artanh u = 2 (u + u³/3 + u⁵/5 + …)        u = s / (2 + s), at most ⅓
//
// Ten terms leave an error below 1e-11. There is no (1 + s) − 1 in it: WGSL lets a compiler
// simplify that to s, and drivers do, which turns Kahan's form of log1p wrong by a factor of two.

fn log1p(s: vec4f) -> vec4f {
  let u = s / (2.0 + s);
  let v = u * u;
  let far = 1.0 / 13.0 + v * (1.0 / 15.0 + v * (1.0 / 17.0 + v / 19.0));
  let tail = 1.0 / 7.0 + v * (1.0 / 9.0 + v * (1.0 / 11.0 + v * far));
  return 2.0 * u + 2.0 * u * v * (1.0 / 3.0 + v * (1.0 / 5.0 + v * tail));
}
