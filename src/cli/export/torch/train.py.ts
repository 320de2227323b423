/** `train_ddp.py`: training of an exported model with PyTorch, in one process or in several. */
export const trainScript = String.raw`"""Trains the model, in one process or in several.

    python3 train_ddp.py --epochs 2
    torchrun --nproc-per-node 2 train_ddp.py --data train-images-idx3-ubyte.gz
    RANK=0 WORLD_SIZE=2 MASTER_ADDR=host MASTER_PORT=29500 python3 train_ddp.py    and RANK=1

The samples come in the order of kernelgrad's DataLoader with the same seed, and every process takes
its share of each batch: so n processes with a batch of b compute what one computes with n * b.
--resume goes on from a checkpoint: of a run (checkpoints/resume.safetensors) or of saveCheckpoint
with the parts model, optimizer and loader. --save writes one that kernelgrad goes on from.
--fsdp shards parameters, gradients and moments (FSDP2, PyTorch 2.6 or later). It is written after
PyTorch's documentation and has not been tried.
"""
import argparse
import json
import os
import sys
from datetime import timedelta

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from kernelgrad_data import batches, load_images
from kernelgrad_files import load_safetensors, save_checkpoint
from kernelgrad_training import begun, load_adam, moved, resumed, save_adam, whole
from model import BATCH, LATENT, RANGE, SHAPE, Model, loss_of

HERE = os.path.dirname(os.path.abspath(__file__))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--data', default=os.path.join(HERE, 'images.npy'),
                        help='images as .npy or IDX (.gz or not)')
    parser.add_argument('--weights', default=os.path.join(HERE, 'weights.safetensors'))
    parser.add_argument('--resume', help='a checkpoint to go on from')
    parser.add_argument('--save', help='where a checkpoint is written at the end')
    parser.add_argument('--epochs', type=int, default=1)
    parser.add_argument('--steps', type=int, help='end after so many steps')
    parser.add_argument('--batch', type=int, default=BATCH, help='samples per step and process')
    parser.add_argument('--lr', type=float, default=1e-3)
    parser.add_argument('--seed', type=int, default=0, help='of the order and of the noise')
    parser.add_argument('--adamw', action='store_true', help='decoupled weight decay')
    parser.add_argument('--fsdp', action='store_true', help='FSDP2 instead of DDP (untried)')
    parser.add_argument('--log', help='a JSON file for the losses')
    return parser.parse_args()


def connect():
    """The number of this process, how many there are, and its device."""
    world = int(os.environ.get('WORLD_SIZE', 1))
    rank = int(os.environ.get('RANK', 0))
    gpus = torch.cuda.device_count()
    if gpus == 0:
        device = torch.device('cpu')
    else:
        device = torch.device('cuda', int(os.environ.get('LOCAL_RANK', rank % gpus)))
        torch.cuda.set_device(device)
    if world > 1:
        dist.init_process_group('nccl' if gpus else 'gloo', timeout=timedelta(minutes=5))
    return rank, world, device


def sharded(model):
    from torch.distributed.fsdp import fully_shard
    for part in (*model.children(), model):
        fully_shard(part)
    return model


def main():
    args = arguments()
    rank, world, device = connect()
    images = load_images(args.data, *RANGE).reshape(-1, *SHAPE)
    size = args.batch * world
    parts, random, (epoch, done, seed) = (resumed(args.resume, len(images), size) if args.resume
                                          else begun(len(images), size, args.seed))
    model = Model().to(device)
    model.load_state_dict(parts['model'] if args.resume else load_safetensors(args.weights)[0])
    trained = (sharded(model) if args.fsdp else
               DistributedDataParallel(model) if world > 1 else model)
    # a run of kernelgrad train with weight decay has AdamW
    decoupled = args.adamw or 'progress' in parts
    kind = torch.optim.AdamW if decoupled else torch.optim.Adam
    optimizer = kind(model.parameters(), lr=args.lr, weight_decay=0)
    if args.resume:
        load_adam(optimizer, parts['optimizer'])
    losses, most = [], float('inf') if args.steps is None else args.steps
    while epoch < args.epochs and len(losses) < most:
        order = batches(len(images), size, seed, epoch)
        while done < len(order) and len(losses) < most:
            noise = noise_of(len(order[done]), (seed, epoch, done))
            part = (rank, world, device)
            losses.append(step(trained, optimizer, images, order[done], noise, part))
            done += 1
            if rank == 0 and len(losses) % 50 == 1:
                print(f'epoch {epoch + 1}, batch {done}: loss {losses[-1]:.5f}', flush=True)
        if done == len(order):
            epoch, done = epoch + 1, 0
    parts = {**moved(parts, epoch, done, len(losses)), 'optimizer': save_adam(optimizer),
             'model': {name: whole(t) for name, t in model.state_dict().items()}}
    if rank == 0 and args.save:
        save_checkpoint(args.save, parts, random)
    if rank == 0 and args.log:
        with open(args.log, 'w') as file:
            json.dump(losses, file)
    if world > 1:
        dist.barrier()
        sys.stdout.flush()
        os._exit(0)  # PyTorch 1.13 may hang in its own end once process 0, with the store, is gone


def noise_of(count, when):
    """The noise of a batch, the same in every process; None for a model without noise."""
    if LATENT is None:
        return None
    seed = 0
    for each in when:
        seed = (seed * 1_000_003 + each) % 2**63
    return torch.randn(count, LATENT, generator=torch.Generator().manual_seed(seed))


def step(model, optimizer, images, batch, noise, part):
    """One step of training on a share of the batch. Returns the mean loss of all of it."""
    rank, world, device = part
    mine = list(range(len(batch)))[rank::world]
    share = len(mine) * world / len(batch)
    mine = mine or [0]  # a short last batch may leave nothing: its loss counts 0 times
    x = images[[batch[i] for i in mine]].to(device)
    epsilon = None if noise is None else noise[mine].to(device)
    optimizer.zero_grad()
    loss = loss_of(model, x, epsilon) * share
    loss.backward()
    optimizer.step()
    total = loss.detach()
    if world > 1:
        dist.all_reduce(total)
    return total.item() / world


if __name__ == '__main__':
    main()
`
