import { Suspense, useEffect } from 'react';
import { loadAhead, part } from '../../components/part.tsx';
import { useClient, useUi } from '../../store/hooks.ts';
import type { DialogState } from '../../store/ui-state.ts';
import { ConnectDialog } from '../connect/connect-dialog.tsx';
import { OwnGatewayDialog } from '../connect/own-gateway-dialog.tsx';
import { CredentialDialog } from '../edit/credential-dialog.tsx';
import { DeleteThreadDialog } from '../edit/delete-thread-dialog.tsx';
import { EditLinkDialog } from '../edit/edit-link-dialog.tsx';
import { EditPeerDialog } from '../edit/edit-peer-dialog.tsx';
import { OpenLinkDialog } from '../edit/open-link-dialog.tsx';
import { RemoveLinkDialog } from '../edit/remove-link-dialog.tsx';
import { RemovePeerDialog } from '../edit/remove-peer-dialog.tsx';
import { RenameThreadDialog } from '../edit/rename-thread-dialog.tsx';
import { TrustDialog } from '../edit/trust-dialog.tsx';
import { KeysDialog } from '../help/keys-dialog.tsx';
import { NoticesDialog } from '../notices/notices-dialog.tsx';
import { Palette } from '../palette/palette.tsx';
import { SearchDialog } from '../search/search-dialog.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { Opening } from './opening.tsx';

const ImportDialog = part(() => import('../import/import-dialog.tsx'));
const PolicyDialog = part(() => import('../policy/policy-dialog.tsx'));
const ComposeDialog = part(() => import('../compose/compose-dialog.tsx'));
const AddRelayDialog = part(() => import('../relays/add-relay-dialog.tsx'));
const EditRelayDialog = part(() => import('../relays/edit-relay-dialog.tsx'));
const RemoveRelayDialog = part(() => import('../relays/remove-relay-dialog.tsx'));
const CompareKeyDialog = part(() => import('../relays/compare-key-dialog.tsx'));
const CompareDeviceDialog = part(() => import('../edit/compare-device-dialog.tsx'));
const MorningStatusDialog = part(() => import('../compose/morning-status-dialog.tsx'));
const EndPartnershipDialog = part(() => import('../edit/end-partnership-dialog.tsx'));

/** What is opened every day. */
const AHEAD = [ComposeDialog, PolicyDialog];

/**
 * The one dialog that is open, if any, and the command palette. That one is not loaded apart: whoever presses
 * its keys types on at once, and is not to wait for the field.
 */
export function Dialogs() {
  const client = useClient();
  const dialog = useUi((ui) => ui.dialog);
  const palette = useUi((ui) => ui.palette);
  useEffect(() => loadAhead(AHEAD), []);
  const close = () => client.ui.setState({ dialog: null });
  return (
    <>
      {dialog ? (
        <Suspense key={dialog.kind} fallback={<Opening onClose={close} />}>
          <OpenDialog dialog={dialog} onClose={close} />
        </Suspense>
      ) : null}
      {palette ? <Palette /> : null}
    </>
  );
}

function OpenDialog({ dialog, onClose }: { dialog: DialogState; onClose: () => void }) {
  switch (dialog.kind) {
    case 'connect':
      return <ConnectDialog url={dialog.url ?? ''} onClose={onClose} />;
    case 'own_gateway':
      return <OwnGatewayDialog linkId={dialog.linkId ?? null} onClose={onClose} />;
    case 'settings':
      return <SettingsDialog section={dialog.section} onClose={onClose} />;
    case 'import':
      return <ImportDialog onClose={onClose} />;
    case 'end_partnership':
      return <EndPartnershipDialog peerId={dialog.peerId} onClose={onClose} />;
    case 'policy':
      return <PolicyDialog peerId={dialog.peerId} mode={dialog.mode ?? null} onClose={onClose} />;
    case 'search':
      return <SearchDialog onClose={onClose} />;
    case 'notices':
      return <NoticesDialog onClose={onClose} />;
    case 'keys':
      return <KeysDialog onClose={onClose} />;
    case 'edit_peer':
      return <EditPeerDialog peerId={dialog.peerId} onClose={onClose} />;
    case 'remove_peer':
      return <RemovePeerDialog peerId={dialog.peerId} onClose={onClose} />;
    case 'edit_link':
      return <EditLinkDialog peerId={dialog.peerId} linkId={dialog.linkId} onClose={onClose} />;
    case 'remove_link':
      return <RemoveLinkDialog peerId={dialog.peerId} linkId={dialog.linkId} onClose={onClose} />;
    case 'credential':
      return <CredentialDialog peerId={dialog.peerId} linkId={dialog.linkId} onClose={onClose} />;
    case 'trust':
      return <TrustDialog peerId={dialog.peerId} linkId={dialog.linkId} onClose={onClose} />;
    case 'compare_device': {
      const { peerId, linkId } = dialog;
      return <CompareDeviceDialog peerId={peerId} linkId={linkId} onClose={onClose} />;
    }
    case 'rename_thread':
      return <RenameThreadDialog threadId={dialog.threadId} onClose={onClose} />;
    case 'delete_thread':
      return <DeleteThreadDialog threadId={dialog.threadId} onClose={onClose} />;
    case 'compose': {
      const { form, peerId = null, threadId = null } = dialog;
      return <ComposeDialog start={{ form, peerId, threadId }} onClose={onClose} />;
    }
    case 'add_relay':
      return <AddRelayDialog onClose={onClose} />;
    case 'edit_relay':
      return <EditRelayDialog relayId={dialog.relayId} onClose={onClose} />;
    case 'remove_relay':
      return <RemoveRelayDialog relayId={dialog.relayId} onClose={onClose} />;
    case 'compare_key': {
      const { relayId, agentId } = dialog;
      return <CompareKeyDialog relayId={relayId} agentId={agentId} onClose={onClose} />;
    }
    case 'morning_status':
      return <MorningStatusDialog onClose={onClose} />;
    case 'open_link':
      return <OpenLinkDialog url={dialog.url} onClose={onClose} />;
  }
}
