import './theme/layers.css'
import '@fontsource-variable/inter/opsz.css'
import '@mantine/core/styles.layer.css'
import './theme/tokens.css'
import './theme/global.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isApiError } from './api/errors.ts'
import { router } from './router.tsx'

const staleAfterMs = 15_000
const retriesMax = 2

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: staleAfterMs,
      // What the server decided does not change by asking again; a busy or unreachable one may come back.
      retry: (failures, error) => failures < retriesMax && isApiError(error, 'UNREACHABLE', 'UNAVAILABLE'),
    },
  },
})

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
