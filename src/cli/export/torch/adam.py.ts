/** `kernelgrad_adam.py`: the state of Adam from and to checkpoints. */
export const adamScript = `"""The state of Adam, from checkpoints of kernelgrad and back."""
import torch

MOMENTS = ('exp_avg', 'exp_avg_sq', 'max_exp_avg_sq')


def load_adam(optimizer, state):
    """Puts the options and moments of a checkpoint into Adam."""
    saved, group = state['groups'][0], optimizer.param_groups[0]
    group.update(lr=saved['lr'], betas=tuple(saved['betas']), eps=saved['eps'],
                 weight_decay=saved['weightDecay'], amsgrad=saved['amsgrad'])
    for i, p in enumerate(group['params']):
        own = {'step': state['tensors'][f'{i}.step'].float()}
        for name in MOMENTS:
            if f'{i}.{name}' in state['tensors']:
                own[name] = like(state['tensors'][f'{i}.{name}'].to(p.device), p)
        optimizer.state[p] = own


def like(t, p):
    """A moment, cut into parts as its parameter is, if that is sharded."""
    if not hasattr(p, 'placements'):
        return t.clone()
    from torch.distributed.tensor import distribute_tensor
    return distribute_tensor(t, p.device_mesh, p.placements)


def whole(t):
    """All of a tensor, also of one that is sharded."""
    return t.full_tensor() if hasattr(t, 'full_tensor') else t.detach()


def save_adam(optimizer):
    """The state of Adam as kernelgrad has it."""
    group, tensors = optimizer.param_groups[0], {}
    for i, p in enumerate(group['params']):
        for name, t in optimizer.state[p].items():
            step = name == 'step'
            tensors[f'{i}.{name}'] = torch.tensor(int(t), dtype=torch.int32) if step else whole(t)
    options = {'lr': group['lr'], 'betas': list(group['betas']), 'eps': group['eps'],
               'weightDecay': group['weight_decay'], 'amsgrad': group['amsgrad']}
    options['params'] = list(range(len(group['params'])))
    return {'tensors': tensors, 'groups': [options]}
`
