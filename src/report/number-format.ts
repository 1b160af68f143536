/**
 * Numbers as they are printed in reports: significant digits, true minus signs, powers of ten. The spaces
 * around × do not break.
 */
import type { Estimate } from './report-data.ts';

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

const ABSENT = '—';
const LARGEST_PLAIN_EXPONENT = 5;
const SMALLEST_PLAIN_EXPONENT = -3;

function minus(text: string): string {
  return text.replace('-', '−');
}

function powerOfTen(exponent: number): string {
  return `10${[...String(exponent)].map((character) => SUPERSCRIPTS[character]).join('')}`;
}

function isPlain(exponent: number): boolean {
  return exponent >= SMALLEST_PLAIN_EXPONENT && exponent <= LARGEST_PLAIN_EXPONENT;
}

/**
 * A number with so many significant digits, trailing zeros dropped: 0.25, 763, 2.1 × 10⁻⁵. Digits before the
 * decimal point are never rounded away below 10⁶. NaN, null and undefined give a dash.
 */
export function formatNumber(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || Number.isNaN(value)) return ABSENT;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const [mantissa, power] = value.toExponential(digits - 1).split('e');
  const exponent = Number(power);
  const trim = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (isPlain(exponent)) return minus(trim(value.toFixed(Math.max(0, digits - 1 - exponent))));
  const leading = trim(mantissa);
  if (leading === '1') return powerOfTen(exponent);
  return `${minus(leading)}\u00a0×\u00a0${powerOfTen(exponent)}`;
}

/**
 * A value with its interval, rounded so that the interval's width keeps two significant digits:
 * 1.70 (1.64–1.77); −0.2 to join bounds of which one is negative; (1.64–∞) where a bound was not found.
 */
export function formatEstimate(estimate: Estimate | null | undefined): string {
  if (estimate === null || estimate === undefined || !Number.isFinite(estimate.value)) return ABSENT;
  const { value } = estimate;
  const low = estimate.low ?? Number.NEGATIVE_INFINITY;
  const high = estimate.high ?? Number.POSITIVE_INFINITY;
  const hasLow = Number.isFinite(low);
  const hasHigh = Number.isFinite(high);
  if (!hasLow && !hasHigh) return formatNumber(value);
  const width = hasLow && hasHigh ? high - low : 2 * Math.abs(hasLow ? value - low : high - value);
  const size = Math.max(Math.abs(value), hasLow ? Math.abs(low) : 0, hasHigh ? Math.abs(high) : 0);
  const magnitude = size === 0 ? 0 : Math.floor(Math.log10(size));
  const scale = isPlain(magnitude) ? 0 : magnitude;
  const widthExponent = width > 0 ? Math.floor(Math.log10(width)) : magnitude - 2;
  const decimals = Math.min(12, Math.max(0, 1 - (widthExponent - scale)));
  const print = (number: number) => {
    if (!Number.isFinite(number)) return formatNumber(number);
    return minus((number / 10 ** scale).toFixed(decimals));
  };
  const join = low < 0 ? ' to ' : '–';
  const text = `${print(value)} (${print(low)}${join}${print(high)})`;
  return scale === 0 ? text : `${text}\u00a0×\u00a0${powerOfTen(scale)}`;
}

/** Seconds as they are spoken of: 0.42 s, 11.2 s, 3 min 20 s, 1 h 4 min. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return ABSENT;
  if (seconds < 59.95) return `${formatNumber(seconds, 3)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600)
    return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 0.95 as 95%. */
export function formatLevel(level: number): string {
  return `${formatNumber(100 * level, 4)}%`;
}
