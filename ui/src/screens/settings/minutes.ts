/** Minutes of a day as people write them: "22:00", "22.30", "7", "730". */

const DAY_MINUTES = 1440;

export function minuteOf(written: string): number | null {
  const match = /^\s*(\d{1,2})(?:\s*[:.h]?\s*(\d{2}))?\s*$/.exec(written);
  if (match === null) return null;
  const [hours, minutes] = [Number(match[1]), Number(match[2] ?? 0)];
  if (minutes > 59 || hours * 60 + minutes >= DAY_MINUTES) return null;
  return hours * 60 + minutes;
}

export function written(minute: number): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
