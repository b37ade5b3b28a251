import './strict-zod.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openConnection } from './connection/open-connection.ts';
import { Client } from './store/client.ts';
import { ClientProvider } from './store/hooks.ts';
import { AppWindow } from './views/shell/app-window.tsx';

const session = openConnection();
const client = new Client(session);
session.start();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root');
createRoot(root).render(
  <StrictMode>
    <ClientProvider value={client}>
      <AppWindow />
    </ClientProvider>
  </StrictMode>,
);
