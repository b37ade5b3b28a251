import { Pencil, Plus, Star, Unlink } from 'lucide-react';
import type { PeerDetail } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Tag } from '../../components/tag.tsx';
import { useClient } from '../../store/hooks.ts';
import { exactTime } from '../../words/time.ts';

const added = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** What is known of the peer itself. */
export function PeerSection({ detail }: { detail: PeerDetail }) {
  const client = useClient();
  const peerId = detail.id;
  const first = detail.links[0];
  const partner = !detail.practice && !detail.own;
  const favour = () =>
    void client.act('peer.update', { peerId, changes: { favourite: !detail.favourite } });
  return (
    <section className="section" aria-label="About this peer">
      <div className="link-head">
        <h3 className="link-head__word">About</h3>
        <span className="bar__gap" />
        <IconButton
          icon={Star}
          size="small"
          className={detail.favourite ? 'favourite' : ''}
          label={detail.favourite ? 'Remove from favourites' : 'Add to favourites'}
          aria-pressed={detail.favourite}
          onClick={favour}
        />
        <IconButton
          icon={Pencil}
          size="small"
          label="Edit"
          onClick={() => client.navigation.show({ kind: 'edit_peer', peerId })}
        />
      </div>
      <dl className="facts">
        <dt>Name</dt>
        <dd className="selectable">
          <bdi>{detail.name}</bdi>
        </dd>
        {detail.nickname ? (
          <>
            <dt>Nickname</dt>
            <dd className="selectable">
              <bdi>{detail.nickname}</bdi>
            </dd>
          </>
        ) : null}
        {detail.group ? (
          <>
            <dt>Group</dt>
            <dd>
              <bdi>{detail.group}</bdi>
            </dd>
          </>
        ) : null}
        <dt>Added</dt>
        <dd title={exactTime(detail.createdAt)}>{added.format(detail.createdAt)}</dd>
        {detail.capabilities.length > 0 ? (
          <>
            <dt>Can</dt>
            <dd className="facts__tags">
              {detail.capabilities.map((one) => (
                <Tag key={one.tag}>{one.tag}</Tag>
              ))}
            </dd>
          </>
        ) : null}
      </dl>
      {detail.notes === '' ? null : <p className="notes selectable">{detail.notes}</p>}
      {detail.practice ? null : (
        <Button
          size="small"
          look="quiet"
          icon={Plus}
          className="add-link"
          onClick={() => client.navigation.show({ kind: 'edit_link', peerId, linkId: null })}
        >
          Add another link
        </Button>
      )}
      {partner ? (
        <Button
          size="small"
          look="quiet"
          icon={Unlink}
          className="add-link"
          onClick={() => client.navigation.show({ kind: 'end_partnership', peerId })}
        >
          End partnership
        </Button>
      ) : null}
      {detail.own && first ? (
        <Button
          size="small"
          look="quiet"
          icon={Plus}
          className="add-link"
          onClick={() => client.navigation.show({ kind: 'own_gateway', linkId: first.id })}
        >
          Add another agent of this gateway
        </Button>
      ) : null}
    </section>
  );
}
