// What is in the second script.

import { showArrears, showCase } from "./arrears.js";
import { showElsewhere } from "./elsewhere.js";
import { showHandover } from "./handover.js";
import { showRefused } from "./refused.js";
import { offer } from "./rooms.js";
import { beginVisit, showVisit, showVisits } from "./visit.js";

offer({ showArrears, showCase, showElsewhere, showHandover, showRefused, beginVisit, showVisit, showVisits });
