// Elementwise functions of two tensors, with broadcasting
//
//     y[i] = f(a[i], b[i])
//
// a and b are read through their strides, so a broadcast operand (stride 0) or a transposed one is
// read without a copy. y is contiguous. Values are stored as bits: TYPE says how to read them, and
// a comparison gives 0 or 1.
//
//     strided   an invocation computes the positions of the inputs of its four outputs, with one
//               division per dimension; RANK is a constant, so the loop is unrolled
//     dense     a and b are contiguous or one single value: three vec4 accesses and no arithmetic

import package::lib::grid::invocation_index;
import package::lib::nan::is_nan4;
import package::lib::order::key;
import package::lib::pow::pow4;
import package::lib::strides::{Eight, one_of, position};
import package::lib::subnormal::{product4, quotient4};

const F32 = 0u;
const I32 = 1u;
const U32 = 2u;

const ADD = 0u;
const SUB = 1u;
const MUL = 2u;
const DIV = 3u;
const POW = 4u;
const MAXIMUM = 5u;
const MINIMUM = 6u;
const EQUAL = 7u; // from here on the result is a bool
const NOT_EQUAL = 8u;
const LESS = 9u;
const LESS_EQUAL = 10u;
const GREATER = 11u;
const GREATER_EQUAL = 12u;

override OP: u32 = ADD;
override TYPE: u32 = F32;
override A_IS_ONE_VALUE: bool = false;
override B_IS_ONE_VALUE: bool = false;
override RANK: u32 = 1;
override WHOLE_ROWS: bool = false; // the innermost size is a multiple of 4
override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements of y
  a_offset: u32, // in elements
  b_offset: u32,
  shape: Eight, // sizes, outermost first
  a_strides: Eight, // in elements
  b_strides: Eight,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<u32>;
@group(0) @binding(2) var<storage, read> b: array<u32>;
@group(0) @binding(1) var<storage, read> a_dense: array<vec4u>;
@group(0) @binding(2) var<storage, read> b_dense: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4u>;

// x^p for each pair; a square is exact, and the commonest.
fn power(x: vec4f, p: vec4f) -> vec4f {
  return select(pow4(x, p), product4(x, x), p == vec4f(2.0));
}

fn of_floats(x: vec4f, z: vec4f) -> vec4u {
  let ordered = !(is_nan4(x) | is_nan4(z));
  switch OP {
    case ADD: { return bitcast<vec4u>(x + z); }
    case SUB: { return bitcast<vec4u>(x - z); }
    case MUL: { return bitcast<vec4u>(product4(x, z)); }
    case DIV: { return bitcast<vec4u>(quotient4(x, z)); }
    case POW: { return bitcast<vec4u>(power(x, z)); }
    case MAXIMUM: { return bitcast<vec4u>(select(x + z, select(z, x, key(x) > key(z)), ordered)); }
    case MINIMUM: { return bitcast<vec4u>(select(x + z, select(z, x, key(x) < key(z)), ordered)); }
    case EQUAL: { return vec4u((key(x) == key(z)) & ordered); }
    case NOT_EQUAL: { return vec4u((key(x) != key(z)) | !ordered); }
    case LESS: { return vec4u((key(x) < key(z)) & ordered); }
    case LESS_EQUAL: { return vec4u((key(x) <= key(z)) & ordered); }
    case GREATER: { return vec4u((key(x) > key(z)) & ordered); }
    default: { return vec4u((key(x) >= key(z)) & ordered); }
  }
}

fn of_signed(x: vec4i, z: vec4i) -> vec4u {
  switch OP {
    case ADD: { return bitcast<vec4u>(x + z); }
    case SUB: { return bitcast<vec4u>(x - z); }
    case MUL: { return bitcast<vec4u>(x * z); }
    case DIV: { return bitcast<vec4u>(x / z); }
    case MAXIMUM: { return bitcast<vec4u>(max(x, z)); }
    case MINIMUM: { return bitcast<vec4u>(min(x, z)); }
    case EQUAL: { return vec4u(x == z); }
    case NOT_EQUAL: { return vec4u(x != z); }
    case LESS: { return vec4u(x < z); }
    case LESS_EQUAL: { return vec4u(x <= z); }
    case GREATER: { return vec4u(x > z); }
    default: { return vec4u(x >= z); }
  }
}

fn of_unsigned(x: vec4u, z: vec4u) -> vec4u {
  switch OP {
    case ADD: { return x + z; }
    case SUB: { return x - z; }
    case MUL: { return x * z; }
    case DIV: { return x / z; }
    case MAXIMUM: { return max(x, z); }
    case MINIMUM: { return min(x, z); }
    case EQUAL: { return vec4u(x == z); }
    case NOT_EQUAL: { return vec4u(x != z); }
    case LESS: { return vec4u(x < z); }
    case LESS_EQUAL: { return vec4u(x <= z); }
    case GREATER: { return vec4u(x > z); }
    default: { return vec4u(x >= z); }
  }
}

fn f(x: vec4u, z: vec4u) -> vec4u {
  switch TYPE {
    case F32: { return of_floats(bitcast<vec4f>(x), bitcast<vec4f>(z)); }
    case I32: { return of_signed(bitcast<vec4i>(x), bitcast<vec4i>(z)); }
    default: { return of_unsigned(x, z); }
  }
}

// The positions in a and in b of the inputs of output i.
fn locate(i: u32) -> vec2u {
  return vec2u(
    params.a_offset + position(i, RANK, params.shape, params.a_strides),
    params.b_offset + position(i, RANK, params.shape, params.b_strides),
  );
}

@compute @workgroup_size(WORKGROUP)
fn strided(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = 4u * invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let at0 = locate(i);
  var at1: vec2u;
  var at2: vec2u;
  var at3: vec2u;
  if (WHOLE_ROWS) {
    let d = RANK - 1u;
    let step = vec2u(one_of(params.a_strides, d), one_of(params.b_strides, d));
    at1 = at0 + step;
    at2 = at1 + step;
    at3 = at2 + step;
  } else {
    let last = params.n - 1u;
    at1 = locate(min(i + 1u, last));
    at2 = locate(min(i + 2u, last));
    at3 = locate(min(i + 3u, last));
  }
  let x = vec4u(a[at0.x], a[at1.x], a[at2.x], a[at3.x]);
  let z = vec4u(b[at0.y], b[at1.y], b[at2.y], b[at3.y]);
  y[i / 4u] = f(x, z);
}

@compute @workgroup_size(WORKGROUP)
fn dense(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (4u * i >= params.n) { return; }
  var x: vec4u;
  var z: vec4u;
  if (A_IS_ONE_VALUE) {
    x = vec4u(a_dense[params.a_offset / 4u][params.a_offset % 4u]);
  } else {
    x = a_dense[params.a_offset / 4u + i];
  }
  if (B_IS_ONE_VALUE) {
    z = vec4u(b_dense[params.b_offset / 4u][params.b_offset % 4u]);
  } else {
    z = b_dense[params.b_offset / 4u + i];
  }
  y[i] = f(x, z);
}
