// What an adapter's matrix units multiply: matrices of M × K and K × N numbers
//
// WGSL wants these sizes and this type as constants, not as overrides. So they are replaced in the
// text by those of the adapter: see launches/matrixunit.ts.

const UNIT_M = 16u; // replaced
const UNIT_N = 16u; // replaced
const UNIT_K = 16u; // replaced
const UNIT_DEPTH = 32u; // replaced
alias Factor = f16; // replaced

alias Left = subgroup_matrix_left<Factor, UNIT_K, UNIT_M>;
alias Right = subgroup_matrix_right<Factor, UNIT_N, UNIT_K>;
alias Result = subgroup_matrix_result<f32, UNIT_N, UNIT_M>;
