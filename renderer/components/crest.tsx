interface CrestProps {
  size: number;
}

/** The mark of the app: a shield whose chevron is three peers, joined. */
export function Crest({ size }: CrestProps) {
  return (
    <svg className="crest" width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <path
        className="crest__field"
        d="M32 4 56 10.5V32c0 14-9.6 23.4-24 28C17.6 55.4 8 46 8 32V10.5Z"
      />
      <path
        fill="none"
        stroke="#fff"
        strokeWidth="4"
        strokeLinecap="round"
        strokeLinejoin="round"
        d="M20 39 32 23l12 16"
      />
      <g fill="#fff">
        <circle cx="32" cy="22" r="5.5" />
        <circle cx="20" cy="40" r="5.5" />
        <circle cx="44" cy="40" r="5.5" />
      </g>
    </svg>
  );
}
