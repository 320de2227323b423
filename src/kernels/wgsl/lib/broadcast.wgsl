// What four lanes of a subgroup hold, given to all lanes: a column per lane
//
// A kernel that imports this begins with `enable subgroups;`.

// Of lanes 0 to 3.
fn low_lanes(mine: vec4f) -> mat4x4f {
  return mat4x4f(
    subgroupBroadcast(mine, 0u), subgroupBroadcast(mine, 1u),
    subgroupBroadcast(mine, 2u), subgroupBroadcast(mine, 3u),
  );
}

// Of lanes 4 to 7.
fn high_lanes(mine: vec4f) -> mat4x4f {
  return mat4x4f(
    subgroupBroadcast(mine, 4u), subgroupBroadcast(mine, 5u),
    subgroupBroadcast(mine, 6u), subgroupBroadcast(mine, 7u),
  );
}
