// What ical4j finds in calendar files: one JSON object a line and file, for `scripts/validators ics`.
// Run by Rhino, which comes with epubcheck's readers: the Java it needs has no compiler.
var ical4j = Packages.net.fortuna.ical4j;
var Instant = java.time.Instant;

// The moment in UTC, whole seconds.
function utc(temporal) {
  return String(Instant.from(temporal));
}

function text(component, name) {
  var found = component.getProperty(name);
  return found.isPresent() ? String(found.get().getValue()) : "";
}

function moment(component, name) {
  return component.getRequiredProperty(name).getDate();
}

// [[from, to], …] of all events of one UID, exceptions in the place of what they replace.
function occurrences(events) {
  var found = {}, moved = [];
  events.forEach(function (event) {
    var start = moment(event, "DTSTART"), end = moment(event, "DTEND");
    if (event.getProperty("RECURRENCE-ID").isPresent()) {
      moved.push([utc(moment(event, "RECURRENCE-ID")), utc(start), utc(end)]);
      return;
    }
    var ahead = java.time.Duration.ofDays(4000);
    var all = event.calculateRecurrenceSet(new ical4j.model.Period(start, start.plus(ahead)));
    for (var each = all.iterator(); each.hasNext();) {
      var one = each.next();
      found[utc(one.getStart())] = [utc(one.getStart()), utc(one.getEnd())];
    }
  });
  moved.forEach(function (row) {
    if (!(row[0] in found)) throw new Error("an exception to a day that is none: " + row[0]);
    delete found[row[0]];
    found[row[0] + " moved"] = row.slice(1);
  });
  return Object.keys(found).map(function (key) { return found[key]; }).sort();
}

function read(path) {
  var said = { path: String(path), faults: [] };
  var stream = new java.io.InputStreamReader(new java.io.FileInputStream(path), "UTF-8");
  try {
    var calendar = new ical4j.data.CalendarBuilder().build(stream);
    said.method = text(calendar, "METHOD");
    for (var each = calendar.validate(true).getEntries().iterator(); each.hasNext();) {
      said.faults.push(String(each.next()));
    }
    var byUid = {}, all = calendar.getComponents("VEVENT");
    for (var n = 0; n < all.size(); n++) {
      var uid = text(all.get(n), "UID");
      (byUid[uid] = byUid[uid] || []).push(all.get(n));
    }
    said.events = Object.keys(byUid).sort().map(function (uid) {
      var first = byUid[uid][0];
      return {
        uid: uid,
        sequence: Number(text(first, "SEQUENCE")),
        status: text(first, "STATUS"),
        summary: text(first, "SUMMARY"),
        days: occurrences(byUid[uid]),
      };
    });
  } catch (error) {
    said.faults.push(String(error.javaException || error));
  } finally {
    stream.close();
  }
  print(JSON.stringify(said));
  return said.faults.length === 0;
}

java.lang.System.exit(Array.prototype.filter.call(arguments, function (path) {
  return !read(path);
}).length === 0 ? 0 : 1);
