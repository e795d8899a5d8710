import { Button, Drawer } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { ask } from '../../api/client.ts'
import type { ApiError } from '../../api/errors.ts'
import type { RowsSearch } from '../../frame/search.ts'
import { useFrameSearch } from '../../frame/use-frame.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { RowsDocument, type RowsInput, type RowsQuery } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { saveFile, toCsv } from '../../lib/csv.ts'
import { bareId } from '../../lib/ids.ts'
import { EmptyState } from '../state/empty-state.tsx'
import { ErrorState, useErrorSentence } from '../state/error-state.tsx'
import { ListSkeleton } from '../state/skeletons.tsx'
import { type Column, DataTable } from '../table/data-table.tsx'
import { useToast } from '../toast.tsx'
import { describeRow, isByDay } from './describe.ts'
import style from './rows-drawer.module.css'
import { rowsText } from './text.ts'

type Connection = RowsQuery['business']['rows']
type Row = Connection['edges'][number]

const pageRows = 50
const exportPageRows = 200
/** More than this is a job for the API, not for a browser's memory. */
const exportRowsMax = 20_000

/** The rows behind a number. The number said above is the one that was clicked: the API promises they are equal. */
export function RowsDrawer(props: { rows: RowsSearch }) {
  const t = useCommon()
  const format = useFormat()
  const [, setSearch] = useFrameSearch()
  const { title, ...input } = props.rows
  const asked = useRows(input)
  const rows = useMemo(() => asked.data?.pages.flatMap((page) => page.edges) ?? [], [asked.data])
  const total = asked.data?.pages[0]?.total
  const columns = useColumns(rows)
  return (
    <Drawer
      opened
      onClose={() => setSearch({ rows: undefined })}
      size="min(720px, 100vw)"
      title={title ?? t.rows.title}
      classNames={{ title: style.title, body: style.body, header: style.header, content: style.content }}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <div className={style.sum}>
        <p className={style.total}>{total === undefined ? '…' : format.number(total)}</p>
        <p className="secondary">
          {format.range(input.from, input.to)}
          {total === undefined || rows.length === total ? '' : ` · ${t.rows.shown(format.number(rows.length))}`}
        </p>
        {total === undefined || total === 0 ? null : (
          <Export input={input} total={total} title={title ?? input.metric} />
        )}
      </div>
      {asked.isPending ? <ListSkeleton rows={10} height={32} /> : null}
      {asked.isError ? <ErrorState error={asked.error} onRetry={() => void asked.refetch()} compact /> : null}
      {total === 0 ? <EmptyState title={t.rows.empty} compact /> : null}
      {rows.length > 0 ? (
        <DataTable
          caption={title ?? t.rows.title}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.cursor}
          density="compact"
        />
      ) : null}
      {asked.hasNextPage ? (
        <Button variant="default" mt="md" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
          {t.rows.more}
        </Button>
      ) : null}
    </Drawer>
  )
}

function useRows(input: RowsInput) {
  const business = useBusiness().id
  return useInfiniteQuery<Connection, ApiError, { pages: Connection[] }, readonly unknown[], string | null>({
    queryKey: ['Rows', business, input],
    queryFn: ({ pageParam, signal }) =>
      ask(RowsDocument, { business, input, first: pageRows, after: pageParam }, signal).then((it) => it.business.rows),
    initialPageParam: null,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? last.pageInfo.endCursor : null),
  })
}

function useColumns(rows: readonly Row[]): Column<Row>[] {
  const t = useCommon()
  const words = useText(rowsText)
  const format = useFormat()
  const waits = rows.some((row) => row.node.seconds !== null)
  return useMemo(() => {
    const wait: Column<Row> = {
      key: 'wait',
      header: t.rows.wait,
      align: 'end',
      cell: ({ node }) => (node.seconds === null ? '' : format.duration(node.seconds)),
    }
    return [
      { key: 'person', header: t.rows.person, width: '30%', cell: (row) => <Person row={row} /> },
      {
        key: 'what',
        header: t.rows.what,
        cell: (row) => <What said={describeRow(row.node, words, format)} row={row} />,
      },
      ...(waits ? [wait] : []),
      {
        key: 'when',
        header: t.rows.when,
        align: 'end',
        cell: ({ node }) => (
          <time dateTime={node.at}>{isByDay(node) ? format.date(node.at) : format.dateTime(node.at)}</time>
        ),
      },
    ]
  }, [t, words, format, waits])
}

function What(props: { said: [string, string]; row: Row }) {
  const t = useCommon()
  const { outcome } = props.row.node
  const behind = [outcome === null ? '' : t.outcome[outcome], props.said[1]].filter((each) => each !== '').join(' · ')
  return (
    <>
      {props.said[0]}
      {behind === '' ? null : <span className={style.detail}>{behind}</span>}
    </>
  )
}

function Person(props: { row: Row }) {
  const t = useCommon()
  const { contact, conversation } = props.row.node
  const name = contact.name || t.rows.unnamed
  if (conversation === null && contact.name === '') return name
  if (conversation === null) {
    return (
      <Link to="/conversations" search={({ rows: _, ...now }) => ({ ...now, q: name })} aria-label={t.rows.open(name)}>
        {name}
      </Link>
    )
  }
  return (
    <Link to="/conversations/$id" params={{ id: bareId(conversation.id) }} aria-label={t.rows.open(name)}>
      {name}
    </Link>
  )
}

/** All rows as CSV, page by page, with the count as it goes. */
function Export(props: { input: RowsInput; total: number; title: string }) {
  const t = useCommon()
  const format = useFormat()
  const toast = useToast()
  const say = useErrorSentence()
  const business = useBusiness().id
  const [done, setDone] = useState<number | null>(null)
  const run = async () => {
    setDone(0)
    try {
      const lines: (string | number | null)[][] = []
      let after: string | null = null
      do {
        const answer: RowsQuery = await ask(RowsDocument, {
          business,
          input: props.input,
          first: exportPageRows,
          after,
        })
        const { edges, pageInfo } = answer.business.rows
        for (const { node } of edges) {
          lines.push([node.contact.id, node.contact.name, node.at, node.label, node.detail, node.seconds, node.outcome])
        }
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null
        setDone(lines.length)
      } while (after !== null && lines.length < exportRowsMax)
      const header = ['contact', 'name', 'at', 'label', 'detail', 'seconds', 'outcome']
      saveFile(`${props.input.metric}-${props.input.from}-${props.input.to}.csv`, toCsv(header, lines))
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    } finally {
      setDone(null)
    }
  }
  return (
    <Button variant="default" size="compact-sm" disabled={done !== null} onClick={() => void run()}>
      {done === null ? t.rows.csv : t.rows.preparing(format.number(done), format.number(props.total))}
    </Button>
  )
}
