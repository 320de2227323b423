/** `kernelgrad_training.py`: Adam's state and the place in the epochs, from and to checkpoints. */
export const trainingScript = `"""Adam's state and the place in the epochs, in checkpoints."""
import torch
from kernelgrad_files import load_checkpoint

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


def begun(count, size, seed):
    """A training that begins: its parts, its random stream, and its place."""
    loader = {'epoch': 0, 'batch': 0, 'samples': count, 'batchSize': size, 'shuffle': True,
              'seed': seed, 'dropLast': False}
    return {'loader': loader}, {'seed': seed, 'draws': 0}, (0, 0, seed)


def resumed(path, count, size):
    """The same of a checkpoint, of a DataLoader's training or of \`kernelgrad train\`."""
    parts, random = load_checkpoint(path)
    if 'loader' in parts:
        own = begun(count, size, parts['loader']['seed'])[0]['loader']
        place = parts['loader']
        fits = {**own, 'epoch': place['epoch'], 'batch': place['batch']} == place
        seed = place['seed']
    elif 'progress' in parts:
        place, seed = parts['progress'], random['seed']
        fits = place['step'] == place['epoch'] * -(-count // size) + place['batch']
    else:
        raise SystemExit(f'{path}: it has {", ".join(parts)}; a loader or a progress is needed')
    if not fits:
        raise SystemExit(f'{path}: it is of another number of images or another batch than {size} '
                         f'of {count} (or without shuffle): use the same --data, and as --batch '
                         'the batch there divided by the number of processes')
    if 'scheduler' in parts:
        print(f'{path}: the learning rate stays as it is; its schedule is not continued')
    return parts, random, (place['epoch'], place['batch'], seed)


def moved(parts, epoch, batch, steps):
    """The parts with another place, after so many more steps."""
    name = 'loader' if 'loader' in parts else 'progress'
    place = {**parts[name], 'epoch': epoch, 'batch': batch}
    if name == 'progress':
        place['step'] += steps
    return {**parts, name: place}
`
