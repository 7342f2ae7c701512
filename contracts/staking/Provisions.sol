// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStakeManager} from "../interfaces/IStakeManager.sol";

/// @notice A provision in one slot, read and written whole. Offsets in bits, from the least significant:
/// tokens 0 ‖ locked 48 ‖ thawing 96 ‖ until 144 ‖ held 184 ‖ delegated 216
type PackedProvision is uint256;

using {unpack} for PackedProvision global;

function unpack(PackedProvision packed) pure returns (IStakeManager.Provision memory p) {
    uint256 word = PackedProvision.unwrap(packed);
    p.tokens = uint48(word);
    p.locked = uint48(word >> 48);
    p.thawing = uint48(word >> 96);
    p.until = uint40(word >> 144);
    p.held = uint32(word >> 184);
    p.delegated = uint40(word >> 216);
}

function pack(IStakeManager.Provision memory p) pure returns (PackedProvision) {
    return
        PackedProvision.wrap(
            uint256(p.tokens) |
                (uint256(p.locked) << 48) |
                (uint256(p.thawing) << 96) |
                (uint256(p.until) << 144) |
                (uint256(p.held) << 184) |
                (uint256(p.delegated) << 216)
        );
}
