// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IStakeVotes} from "../interfaces/IStakeVotes.sol";

/// @notice Staked voting power that a test sets.
contract StakeVotes__Mock is IStakeVotes {
    using Checkpoints for Checkpoints.Trace208;

    mapping(address account => Checkpoints.Trace208) private _power;

    function set(address account, uint208 power) external {
        _power[account].push(uint48(block.timestamp), power);
    }

    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return _power[account].upperLookupRecent(uint48(timepoint));
    }
}
