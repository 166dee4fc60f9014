// Entry of the bundle: binds behaviour to data attributes. A page works without it; with it, it is quick.
//
//   data-list on a list's table or form; data-row data-url data-peek on its rows; data-pick-all data-pick-none
//   data-act-bar data-act-count: shown while rows are selected
//   data-key="x" on a link or button: pressed by that key; data-create, data-keys: the create menu, the list of keys
//   data-dialog-open="id" data-dialog-close; data-dialog-load on a link (or ="url"): its page opens in a dialog; data-confirm="question" on what posts
//   data-load-once="url" on a popover: fetched when first opened
//   data-guard (or data-unsaved) on a form: leaving asks; data-draft="name": its draft is kept
//   data-combobox on a select: becomes a search; data-join="name" on a form: its check boxes are sent as a,b,c
//   data-counter="name": kept up to date; <time data-time="since">: as well
//   data-chart, data-process-map: drawn by chunks that are loaded only where they are
//   data-composer on the form under a conversation; data-file-names: shows the files chosen
//   data-date="day" or "minute" on a text input: gets a calendar
//   data-rows="name" on a table of rows that is edited; data-rows-of="name" on selects whose options are those rows
//   data-board on a board, data-move="url" on its columns, data-card="id" on its cards
import { startBoards } from "./board";
import { startBulk } from "./bulk";
import { startColumns } from "./columns";
import { startComboboxes } from "./combobox";
import { startComposers } from "./composer";
import { startCounters } from "./counters";
import { startDates } from "./dates";
import { startDialogs } from "./dialogs";
import { startDrawings } from "./drawings";
import { startForms } from "./forms";
import { startKeys } from "./keys";
import { startLists } from "./lists";
import { startNavigation } from "./navigation";
import { onContent } from "./page";
import { startPalette } from "./palette";
import { startPeek } from "./peek";
import { startPopovers } from "./popovers";
import { startRequests } from "./requests";
import { startRows } from "./rows";
import { startStaying } from "./stay";
import { startTheme } from "./theme";
import { startTimes } from "./times";
import { startToasts } from "./toasts";

document.documentElement.classList.add("js");
for (const start of [
  startRequests, startTheme, startNavigation, startToasts, startPopovers, startDialogs, startKeys, startPalette,
  startPeek, startLists, startColumns, startForms, startComboboxes, startCounters, startTimes, startBoards,
  startDrawings, startDates, startBulk, startComposers, startStaying, startRows,
]) {
  start();
}
onContent(document.body);
