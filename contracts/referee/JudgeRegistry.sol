// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudgeRegistry} from "../interfaces/IJudgeRegistry.sol";

contract JudgeRegistry is IJudgeRegistry {
    /// @inheritdoc IJudgeRegistry
    address public immutable timelock;

    /// @inheritdoc IJudgeRegistry
    mapping(bytes32 opcode => mapping(bytes32 codeHash => address)) public judge;

    /// @param timelock_ Who may add judges.
    /// @param genesis The judges of the first day.
    constructor(address timelock_, Entry[] memory genesis) {
        timelock = timelock_;
        for (uint256 i = 0; i < genesis.length; ++i) _add(genesis[i].opcode, genesis[i].judge);
    }

    /// @inheritdoc IJudgeRegistry
    function add(bytes32 opcode, address judge_) external {
        if (msg.sender != timelock) revert JudgeRegistry_NotTimelock(msg.sender);
        _add(opcode, judge_);
    }

    function _add(bytes32 opcode, address judge_) private {
        if (judge_.code.length == 0) revert JudgeRegistry_NoCode(judge_);
        bytes32 codeHash = judge_.codehash;
        if (judge[opcode][codeHash] != address(0)) revert JudgeRegistry_Taken(opcode, codeHash);
        judge[opcode][codeHash] = judge_;
        emit Added(opcode, codeHash, judge_);
    }
}
