// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ProtocolParameters} from "../governance/ProtocolParameters.sol";
import {IJudgeRegistry} from "../interfaces/IJudgeRegistry.sol";
import {Accusations} from "../referee/Accusations.sol";
import {JudgeRegistry} from "../referee/JudgeRegistry.sol";
import {IntegerJudge} from "../referee/judges/IntegerJudge.sol";
import {MoveJudge} from "../referee/judges/MoveJudge.sol";
import {TestBase} from "./TestBase.sol";

/// @notice What was written once and never changes: judges and accusations.
contract AddOnlyTest is TestBase {
    JudgeRegistry private registry;
    Accusations private accusations;
    address private first;

    function setUp() public {
        registry = new JudgeRegistry(address(this), new IJudgeRegistry.Entry[](0));
        accusations = new Accusations(new ProtocolParameters(address(this), address(0)));
        first = address(new MoveJudge());
    }

    function testFuzz_TheRegistryOnlyGrows(bytes32 opcode, bytes32 other, address stranger) public {
        registry.add(opcode, first);
        bytes32 codeHash = first.codehash;
        require(registry.judge(opcode, codeHash) == first, "added");
        address twin = address(new MoveJudge());
        vm.expectRevert(abi.encodeWithSelector(IJudgeRegistry.JudgeRegistry_Taken.selector, opcode, codeHash));
        registry.add(opcode, twin);
        address second = address(new IntegerJudge());
        registry.add(opcode, second);
        if (other != opcode) registry.add(other, first);
        require(registry.judge(opcode, codeHash) == first, "kept");
        require(registry.judge(opcode, second.codehash) == second, "beside it");
        if (stranger == address(this)) return;
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IJudgeRegistry.JudgeRegistry_NotTimelock.selector, stranger));
        registry.add(other, second);
    }

    function testFuzz_AnAccusationKeepsItsFirstTime(bytes32 accusation, uint16 later, address who) public {
        accusations.accuse(accusation);
        (uint64 time, uint64 number, , ) = accusations.madeAt(accusation);
        pass(uint256(later) + 1, 1);
        vm.prank(who);
        accusations.accuse(accusation);
        (uint64 time_, uint64 number_, , ) = accusations.madeAt(accusation);
        require(time == time_ && number == number_, "moved");
    }
}
