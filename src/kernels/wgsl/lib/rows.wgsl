// 32 rows of a product in the registers of a subgroup, of which each lane has four columns
//
// Matrix r holds rows 4r to 4r + 3, a column for each row.

import package::lib::products::times4;

alias Rows = array<mat4x4f, 8>;

// c + b · a, a column of c for each column of a. Terms are added one by one, in the order of k.
// A driver's own product of matrices has an order of its own.
fn grown(c: mat4x4f, b: mat4x4f, a: mat4x4f) -> mat4x4f {
  return mat4x4f(
    grown_row(c[0], b, a[0]), grown_row(c[1], b, a[1]),
    grown_row(c[2], b, a[2]), grown_row(c[3], b, a[3]),
  );
}

fn grown_row(c: vec4f, b: mat4x4f, a: vec4f) -> vec4f {
  let two = (c + times4(b[0], a.x)) + times4(b[1], a.y);
  return (two + times4(b[2], a.z)) + times4(b[3], a.w);
}

// Shifts the rows along, so that the next four are the first. Written out: some drivers keep an
// array in memory once it is indexed by a variable.
fn shift_rows(c: ptr<function, Rows>) {
  (*c)[0] = (*c)[1]; (*c)[1] = (*c)[2]; (*c)[2] = (*c)[3]; (*c)[3] = (*c)[4];
  (*c)[4] = (*c)[5]; (*c)[5] = (*c)[6]; (*c)[6] = (*c)[7];
}
