-- What all scripts of the event queue begin with. The keys of a channel, in this order:
-- what a lane did last;
-- tasks, id -> priority;published;failures;deaths;bytes of the error\nerror frame, and of one that is over what is remembered;
-- who has a running one, id -> session|call; ids of those that are over, newest first;
-- dead letters, id -> attempts;died;bytes of the error\nerror task, and their order; delayed ones by their time and by their age;
-- dedup ids by their end; who waits for work, session|consumer; sessions by the end of their ownership; those suspected to be dead;
-- progress; the line; the line of important ones; a counter.
local LAST, TASKS, RUNNING, OVER, DEAD, DEAD_ORDER, DELAYED, AGES, WINDOW, IDLE, OWNERS, SUSPECTS, PROGRESS, WAIT, IMPORTANT, SEQ =
	unpack(KEYS)
