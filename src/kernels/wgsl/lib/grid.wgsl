// Invocations and workgroups by one number
//
// A dispatch has at most 65,535 workgroups along an axis. So a launch of more is folded into rows
// (see launch.ts), and the rows lie behind one another here. The last row may be longer than
// needed: compare with the count.

fn invocation_index(id: vec3u, groups: vec3u, size: u32) -> u32 {
  return id.y * groups.x * size + id.x;
}

fn workgroup_index(group: vec3u, groups: vec3u) -> u32 {
  return group.y * groups.x + group.x;
}
