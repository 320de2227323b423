// 32 rows of a product in the registers of a subgroup, of which each lane has four columns
//
// Matrix r holds rows 4r to 4r + 3, a column for each row.

alias Rows = array<mat4x4f, 8>;

// Shifts the rows along, so that the next four are the first. Written out: some drivers keep an
// array in memory once it is indexed by a variable.
fn shift_rows(c: ptr<function, Rows>) {
  (*c)[0] = (*c)[1]; (*c)[1] = (*c)[2]; (*c)[2] = (*c)[3]; (*c)[3] = (*c)[4];
  (*c)[4] = (*c)[5]; (*c)[5] = (*c)[6]; (*c)[6] = (*c)[7];
}
