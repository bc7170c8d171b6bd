// How numbers, times and elements are shown. Texts are only ever set as text, never as HTML.

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** A number of bytes: 0 B, 1.5 KiB, 640 MiB. */
export function bytes(count) {
  let value = count;
  let unit = 0;
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const text = unit > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return `${text} ${UNITS[unit]}`;
}

/** Bytes in a second; an idle line says nothing loud. */
export const rate = (perSecond) => (perSecond > 0 ? `${bytes(perSecond)}/s` : "–");

export const count = (number) => Number(number).toLocaleString("en");

/** A time that has passed: 12 s, 5 min, 3 h 20 min, 4 d. */
export function age(since, now) {
  const seconds = Math.max(0, Math.round((now - Date.parse(since)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The time of day. */
export const clock = (time) => new Date(time).toLocaleTimeString("en-GB");

/** An element with properties and children; a child that is a text stays a text. */
export function element(name, properties, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (key === "class") made.className = value;
    else if (key.includes("-") || key === "role" || key === "colspan" || key === "scope" || key === "list") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A text of a stranger: marks that turn the direction of writing hold to its end only, and are shown. */
export function foreign(text) {
  const shown = String(text ?? "").replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return element("bdi", {}, shown);
}
