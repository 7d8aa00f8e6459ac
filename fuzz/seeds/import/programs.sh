#!/usr/bin/env bash
[[ $1 == 0 ]] && cd "/tmp" && xterm -e a
[[ $1 == 1 ]] && cd "/" && I3_RESTORE_SUBPROCESS_SCRIPT=/x/workspace_1_subprocess_1.sh gimp 'b
