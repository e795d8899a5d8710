import type { ReactNode } from 'react'

/** Our own few icons: 20 px, one stroke, no fill. They are decoration: what carries meaning is the text beside them. */
export type IconName = keyof typeof shapes

const shapes = {
  overview: <path d="M3 16.5h14M5 13.5V9M10 13.5V4.5M15 13.5V7" />,
  clock: <path d="M10 5.5V10l3 1.8M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z" />,
  loop: (
    <path d="M16.5 8.5A6.8 6.8 0 0 0 4.2 6.6M3.5 3.5v3.3h3.3M3.5 11.5a6.8 6.8 0 0 0 12.3 1.9M16.5 16.5v-3.3h-3.3" />
  ),
  campaign: <path d="M3.5 11.7V8.3l9.5-4v11.4l-9.5-4ZM6 12.8v3.4h2.6v-2.3M15.6 7.8a3.2 3.2 0 0 1 0 4.4" />,
  chat: (
    <path d="M3.5 5.5a1.5 1.5 0 0 1 1.5-1.5h10a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5H9l-3.5 2.8V14H5a1.5 1.5 0 0 1-1.5-1.5v-7Z" />
  ),
  live: <path d="M2.5 10h3l2-5 4.2 10.5 2.3-5.5h3.5" />,
  plug: <path d="M7 3v3.5M13 3v3.5M5 6.5h10v3a5 5 0 0 1-10 0v-3ZM10 14.5V17.5" />,
  settings: (
    <path d="M3 6h8.5M15 6h2M3 14h2M8.5 14H17M13.2 4.3a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4ZM6.8 12.3a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4Z" />
  ),
  more: <path d="M4.5 10h.01M10 10h.01M15.5 10h.01" strokeWidth="2.4" />,
  search: <path d="m16.5 16.5-3.6-3.6M14.5 9a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0Z" />,
  chevron: <path d="m6.5 8 3.5 3.8L13.5 8" />,
  right: <path d="m8 6 4 4-4 4" />,
  left: <path d="m12 6-4 4 4 4" />,
  arrowUp: <path d="M10 15.5v-11M5.5 9 10 4.5 14.5 9" />,
  arrowDown: <path d="M10 4.5v11M5.5 11 10 15.5l4.5-4.5" />,
  close: <path d="m5.5 5.5 9 9M14.5 5.5l-9 9" />,
  check: <path d="m4.5 10.5 3.6 3.7 7.4-8.4" />,
  plus: <path d="M10 4.5v11M4.5 10h11" />,
  minus: <path d="M4.5 10h11" />,
  info: <path d="M10 9.3v4.2M10 6.6h.01M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z" />,
  warn: (
    <path d="M10 8v3.6M10 14h.01M8.9 3.9 2.9 14.6a1.3 1.3 0 0 0 1.1 1.9h12a1.3 1.3 0 0 0 1.1-1.9L11.1 3.9a1.3 1.3 0 0 0-2.2 0Z" />
  ),
  download: <path d="M10 3.5v8.8M6.3 9 10 12.6 13.7 9M4 16.5h12" />,
  copy: <path d="M7.5 7.5h8v8h-8zM4.5 12.5v-8h8" />,
  calendar: (
    <path d="M3.5 8h13M6.8 3v2.6M13.2 3v2.6M4.8 4.8h10.4c.7 0 1.3.6 1.3 1.3v9.1c0 .7-.6 1.3-1.3 1.3H4.8c-.7 0-1.3-.6-1.3-1.3V6.1c0-.7.6-1.3 1.3-1.3Z" />
  ),
  sun: (
    <path d="M10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M15.3 4.7l-1.1 1.1M5.8 14.2l-1.1 1.1M13.2 10a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0Z" />
  ),
  moon: <path d="M16.3 11.7A6.8 6.8 0 0 1 8.3 3.7a6.8 6.8 0 1 0 8 8Z" />,
  globe: (
    <path d="M3 10h14M10 3c2 2 2.8 4.4 2.8 7S12 15 10 17c-2-2-2.8-4.4-2.8-7S8 5 10 3ZM17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z" />
  ),
  person: <path d="M4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5M13 6.5a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z" />,
  pause: <path d="M7.5 5v10M12.5 5v10" />,
  play: <path d="M7 4.8v10.4l8-5.2-8-5.2Z" />,
  external: <path d="M8 5H5v10h10v-3M11 4.5h4.5V9M15.3 4.7 9.5 10.5" />,
  filter: <path d="M3.5 5.5h13M6 10h8M8.5 14.5h3" />,
  trash: <path d="M4 6h12M8 6V4h4v2M5.5 6l.7 10h7.6l.7-10" />,
  key: <path d="M11.5 8.5a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0ZM10.6 11l5.4 5.5M13.5 14l1.8-1.8" />,
} satisfies Record<string, ReactNode>

export function Icon(props: { name: IconName; size?: number }) {
  const size = props.size ?? 20
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flex: 'none', display: 'block' }}
    >
      {shapes[props.name]}
    </svg>
  )
}

/** The mark: an F that speaks. */
export function Mark(props: { size?: number }) {
  const size = props.size ?? 26
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false" style={{ flex: 'none' }}>
      <rect width="32" height="32" rx="8" fill="var(--primary)" />
      <g fill="none" stroke="var(--on-primary)" strokeWidth="3" strokeLinecap="round">
        <path d="M11 24V11.5A3.5 3.5 0 0 1 14.5 8H22" />
        <path d="M11 16.5h7" />
      </g>
      <circle cx="22.5" cy="16.5" r="2" fill="#ffb489" />
    </svg>
  )
}
