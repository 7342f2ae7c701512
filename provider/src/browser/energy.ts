/** What one busy core of a common computer draws more than an idle one, in watts: from 5 for a phone to 15 for a desktop. */
export const WATTS = 8;

/**
 * What the work took, in watt hours: an estimate, because no browser can measure it. Only seconds in which the worker ran
 * count, at so many watts for its one core.
 */
export const wattHours = (seconds: number, watts = WATTS): number => (seconds * watts) / 3_600;
