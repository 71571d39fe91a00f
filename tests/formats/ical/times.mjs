// Prints when the events of a calendar are, as ical.js reads them; the series with all of its times.
import { readFileSync } from "node:fs";
const ICAL = (await import(process.argv[3])).default;
const root = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const iso = (time) => time.toJSDate().toISOString().slice(0, 16);
for (const part of root.getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(part);
  console.log(event.uid, iso(event.startDate), iso(event.endDate));
  if (!event.isRecurring() || event.isRecurrenceException()) continue;
  const times = event.iterator();
  for (let time = times.next(); time; time = times.next()) console.log("again", iso(time));
}
