// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccusations} from "../interfaces/IAccusations.sol";
import {Tags} from "./lib/Tags.sol";

contract Accusations is IAccusations {
    struct Made {
        uint64 time; // slot 0
        uint64 blockNumber; // slot 0
    }

    /// @inheritdoc IAccusations
    uint256 public constant LIFETIME = 2 hours;

    /// @inheritdoc IAccusations
    mapping(bytes32 accusation => Made) public madeAt;

    /// @inheritdoc IAccusations
    function accuse(bytes32 accusation) external {
        if (madeAt[accusation].time != 0) return;
        madeAt[accusation] = Made(uint64(block.timestamp), uint64(block.number));
        emit Accused(accusation);
    }

    /// @inheritdoc IAccusations
    function check(bytes32 batchId, bytes32 proofDigest, address challenger, bytes32 salt) external view {
        bytes32 accusation = keccak256(abi.encodePacked(Tags.ACCUSATION, batchId, proofDigest, challenger, salt));
        Made memory made = madeAt[accusation];
        if (made.time == 0) revert Accusations_None(accusation);
        if (block.number <= made.blockNumber) revert Accusations_TooSoon(accusation);
        if (block.timestamp > made.time + LIFETIME) revert Accusations_Expired(accusation);
    }
}
