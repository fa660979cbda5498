# mend_runtime RELEASE: a copy of SystemTap's runtime, mended where 4.8 is older than Debian's 6.1 kernel.
mend_runtime() {
  local runtime=$WORK/runtime headers=/usr/src/linux-headers-${1%-cloud-amd64}-common
  [ ! -d "$runtime" ] || return 0
  rm -rf "$runtime.new"
  cp -r /usr/share/systemtap/runtime "$runtime.new"
  # 6.1.y renamed task_work_cancel(): without this no module compiles
  if grep -q task_work_cancel_func "$headers/include/linux/task_work.h" &&
     ! grep -q task_work_cancel_func "$runtime.new/stp_task_work.c"; then
    sed -i -e 's/typeof(&task_work_cancel)/typeof(\&task_work_cancel_func)/' \
           -e 's/("task_work_cancel")/("task_work_cancel_func")/' "$runtime.new/stp_task_work.c"
  fi
  # user_addr_max() went away in Linux 5.18: without it each user stack ends after its first frame
  if grep -q 'if defined(user_addr_max)' "$runtime.new/linux/addr-map.c"; then
    sed -i 's/^#if defined(user_addr_max)$/#ifndef user_addr_max\n#define user_addr_max() TASK_SIZE_MAX\n#endif\n#if 1/' \
      "$runtime.new/linux/addr-map.c"
  fi
  mv "$runtime.new" "$runtime"
}
