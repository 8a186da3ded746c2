/** The product's mark: a road over two arches. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg className="mark-logo" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="5" />
      <path d="M3.5 9.5h17M5.5 16.5a3.25 3.25 0 0 1 6.5 0M12 16.5a3.25 3.25 0 0 1 6.5 0" />
    </svg>
  );
}
