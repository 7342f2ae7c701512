// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRandomness} from "../interfaces/IRandomness.sol";
import {BlockHeader} from "./BlockHeader.sol";

/// @notice The mixHash of a fixed future block, proven from its header against the chain's own history of block hashes
/// (EIP-2935 where there is one, else the last 256). A round is a block's number.
contract BlockRandomness is IRandomness {
    /// @dev The system contract of EIP-2935.
    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;

    uint256 private immutable DELAY;
    uint256 private immutable LOOK_BACK;

    mapping(uint256 round => bytes32) private _values;

    /// @param delay blocks between what is fixed and what is drawn for it
    /// @param lookBack blocks after which a hash can no longer be had: 8,191 with EIP-2935, else 256
    constructor(uint256 delay, uint256 lookBack) {
        DELAY = delay;
        LOOK_BACK = lookBack;
    }

    /// @inheritdoc IRandomness
    function record(uint256 round, bytes calldata proof) external {
        require(_values[round] == 0, Randomness_Recorded(round));
        bytes32 hash = _hashOf(round);
        require(hash != 0, Randomness_NoHash(round));
        require(keccak256(proof) == hash, Randomness_Header(round, hash));
        bytes32 mixHash = BlockHeader.mixHash(proof);
        require(mixHash != 0, Randomness_Header(round, hash));
        _values[round] = mixHash;
        emit Recorded(round, mixHash);
    }

    /// @inheritdoc IRandomness
    function next() external view returns (uint256) {
        return block.number + DELAY;
    }

    /// @inheritdoc IRandomness
    function roundFor(uint256 blockNumber, uint256) external view returns (uint256) {
        return blockNumber + DELAY;
    }

    /// @inheritdoc IRandomness
    function status(uint256 round) external view returns (Status) {
        if (_values[round] != 0) return Status.Known;
        return block.number > round + LOOK_BACK ? Status.Expired : Status.Pending;
    }

    /// @inheritdoc IRandomness
    function value(uint256 round) external view returns (bytes32 word) {
        word = _values[round];
        require(word != 0, Randomness_Unknown(round));
    }

    /// @dev Zero where it cannot be had, also where the look-back is over: what is expired stays so.
    function _hashOf(uint256 round) private view returns (bytes32) {
        if (round >= block.number || block.number > round + LOOK_BACK) return 0;
        if (block.number <= round + 256) return blockhash(round);
        (bool ok, bytes memory answer) = HISTORY.staticcall(abi.encode(round));
        return ok && answer.length == 32 ? bytes32(answer) : bytes32(0);
    }
}
