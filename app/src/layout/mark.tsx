/** Three cells of a comb and what flies around them. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true" className="mark">
      <path d="M16 2l5.2 3v6L16 14l-5.2-3V5z" />
      <path d="M9.8 13l5.2 3v6l-5.2 3-5.2-3v-6z" opacity=".75" />
      <path d="M22.2 13l5.2 3v6l-5.2 3-5.2-3v-6z" opacity=".5" />
      <circle cx="16" cy="28.6" r="1.6" />
      <circle cx="4" cy="7" r="1.3" />
      <circle cx="28.4" cy="8.4" r="1.1" />
    </svg>
  );
}
